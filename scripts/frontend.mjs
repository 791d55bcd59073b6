// Copies the few front-end files we use out of node_modules into static/vendor/, as they ship.
// Run after `npm ci --ignore-scripts`. Nothing is bundled or built.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "static", "vendor");
const system = "@scottish-government/design-system";
const roboto = "@fontsource/roboto";

const fonts = ["latin", "latin-ext"].flatMap((script) =>
  [400, 700].map((weight) => `roboto-${script}-${weight}-normal.woff2`),
);

const files = [
  [`${system}/LICENSE.txt`, "design-system/LICENSE.txt"],
  [`${system}/dist/css/design-system.min.css`, "design-system/design-system.min.css"],
  [`${system}/dist/scripts/design-system.js`, "design-system/design-system.js"],
  [`${system}/dist/images/icons/icons.stack.svg`, "design-system/icons.stack.svg"],
  [`${roboto}/LICENSE`, "roboto/LICENSE"],
  ...fonts.map((name) => [`${roboto}/files/${name}`, `roboto/${name}`]),
];

rmSync(vendor, { recursive: true, force: true });
for (const [from, to] of files) {
  const target = join(vendor, to);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(root, "node_modules", from), target);
}

// The source map is not copied, and a style sheet that names a missing file stops Django's hashed static storage.
const sheet = join(vendor, "design-system/design-system.min.css");
writeFileSync(sheet, readFileSync(sheet, "utf8").replace(/\/\*# sourceMappingURL=.*?\*\//, ""));

console.log(`static/vendor: ${files.length} files`);
