from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from collaborative.live.models import Stream
from tests.browser.board import room

SCRIPT = """
const list = document.querySelector("[data-live]");
window.seen = [];
window.states = [];
list.addEventListener("live:change", ({ detail }) => {
  window.seen.push(detail.seq);
  document.getElementById(`note-${detail.id}`)?.remove();
  if (detail.html) list.insertAdjacentHTML("beforeend", detail.html);
});
list.addEventListener("live:state", ({ detail }) => {
  window.states.push(detail.state);
  document.getElementById("state").textContent = detail.state;
  document.getElementById("behind").textContent = detail.behind;
});
list.addEventListener("live:reset", () => document.getElementById("resets").textContent++);
list.addEventListener("live:here", ({ detail }) => (document.getElementById("here").textContent = detail.n));
"""


def page(request: HttpRequest) -> HttpResponse:
    stream = Stream.objects.filter(key=room.KEY).first()
    seq = stream.last_seq if stream else 0
    notes = "".join(room.notes().values())
    response = HttpResponse(
        f'<!DOCTYPE html><html lang="en-gb"><head><title>Board</title><link rel="icon" href="data:,">'
        f'<script type="module" src="/board.js"></script>'
        f'<script type="module" src="{static("js/live.js")}"></script></head><body>'
        f'<p id="state"></p><p id="behind"></p><p id="here"></p><p id="resets">0</p>'
        f'<ol data-live="{room.KEY}" data-live-seq="{seq}">{notes}</ol></body></html>'
    )
    response["Cache-Control"] = "no-store"
    return response


def script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SCRIPT, content_type="text/javascript")


@csrf_exempt
def post(request: HttpRequest, number: int) -> HttpResponse:
    room.post(number)
    return HttpResponse("posted")


urlpatterns = [
    path("board/", page),
    path("board.js", script),
    path("board/post/<int:number>/", post),
    path("", include("collaborative.urls")),
]
