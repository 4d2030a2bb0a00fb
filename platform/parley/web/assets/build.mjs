// Builds what pages need into ../static/build: one style sheet, one script, GOV.UK Frontend's script and the icon.
// Each file's name carries a hash of its content, so browsers may keep it for ever; manifest.json maps the plain
// name to the built one and is what parley.web.assets reads. Run it with `npm run build`.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..", "..");
const out = join(here, "..", "static", "build");
const govuk = join(root, "node_modules", "govuk-frontend", "dist", "govuk");

const manifest = {};

function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  const built = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(out, built), content);
  manifest[name] = built;
  return built;
}

// GOV.UK Frontend's footer carries the crown crest, which is for gov.uk alone: its rules go, and nothing else in
// the style sheet may ask for a file.
function withoutCrest(css) {
  const stripped = css.replace(/[^{}]*\.govuk-footer__copyright-logo[^{}]*\{[^{}]*\}/g, "");
  const left = stripped.match(/url\([^)]*\)/g);
  if (left) {
    throw new Error(`the style sheet must not point at files, but has ${left.join(", ")}`);
  }
  if (/GDS Transport/i.test(stripped)) {
    throw new Error("the style sheet must not use GDS Transport, which is licensed for gov.uk alone");
  }
  return stripped;
}

mkdirSync(out, { recursive: true });
const before = new Set(readdirSync(out));

const sheet = compile(join(here, "parley.scss"), {
  style: "compressed",
  loadPaths: [join(root, "node_modules")],
  quietDeps: true,
});
emit("parley.css", withoutCrest(sheet.css));

const frontend = readFileSync(join(govuk, "govuk-frontend.min.js"), "utf8").replace(/\n?\/\/# sourceMappingURL=.*\n?$/, "\n");
const frontendBuilt = emit("govuk-frontend.js", frontend);
const script = readFileSync(join(here, "parley.js"), "utf8").replaceAll("./govuk-frontend.js", `./${frontendBuilt}`);
emit("parley.js", script);
emit("icon.svg", readFileSync(join(here, "icon.svg"), "utf8"));

// Old builds go last, so that a build that fails leaves the one before it whole.
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const now = new Set([...Object.values(manifest), "manifest.json"]);
for (const name of before) {
  if (!now.has(name)) {
    rmSync(join(out, name));
  }
}
console.log(`built ${Object.values(manifest).join(", ")}`);
