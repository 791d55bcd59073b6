// What one stream has shown and what it lacks. No network and no page in here, so that a test can drive it.
//
// Changes come as hints from the socket, which may be lost, late or double, and as answers to "what happened
// after n?", which are complete. `last` is the number up to which everything was shown; it only grows.
export class Order {
  constructor(last) {
    this.last = last;
    this.known = last; // the highest number that we heard of
    this.missing = false; // somebody said that there is more, without a number
    this.paused = false;
  }

  get behind() {
    return this.missing || this.known > this.last;
  }

  // The changes of a hint that may be shown now. None when it is old, or when something before it is missing.
  hint({ first, upto, changes }) {
    this.heard(upto);
    if (this.paused || first > this.last + 1 || upto <= this.last) return [];
    return this.take(upto, changes);
  }

  // A heartbeat: how far the stream is.
  heard(last) {
    this.known = Math.max(this.known, last);
  }

  gap() {
    this.missing = true;
  }

  // Called when asking: what is said to be missing from now on may not be in the answer.
  asking() {
    this.missing = false;
    return this.last;
  }

  // The changes of an answer that may be shown now. `lost` when what we asked for is forgotten.
  answer({ upto, last, changes, reset }) {
    if (reset) {
      this.last = this.known = last;
      return { lost: true, changes: [] };
    }
    this.heard(last);
    if (this.paused || upto <= this.last) return { lost: false, changes: [] };
    return { lost: false, changes: this.take(upto, changes) };
  }

  take(upto, changes) {
    const before = this.last;
    this.last = upto;
    return changes.filter((change) => change.seq > before);
  }
}
