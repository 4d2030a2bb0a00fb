// Every page works without this file. It starts GOV.UK Frontend's behaviours, and two small ones of our own.

import { initAll } from "./govuk-frontend.js";

initAll();

// Copy a reference: the button is hidden until this runs, since without script it could do nothing.
for (const button of document.querySelectorAll("[data-parley-copy]")) {
  const said = document.getElementById(button.getAttribute("aria-describedby"));
  if (!navigator.clipboard || !said) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.parleyCopy);
      said.textContent = "Copied";
    } catch {
      said.textContent = "Your browser did not allow copying. Select the reference and copy it yourself.";
    }
  });
}

// Print this page: same rule.
for (const button of document.querySelectorAll("[data-parley-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
