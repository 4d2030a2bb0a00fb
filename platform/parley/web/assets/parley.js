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

// A passkey: only a script can ask a device for one. What the device answers is sent as a form, like everything else.
for (const form of document.querySelectorAll("[data-parley-passkey]")) {
  const button = form.querySelector("button");
  const said = document.getElementById(button.getAttribute("aria-describedby"));
  const makes = form.dataset.parleyPasskey === "make";
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    said.textContent = "This browser does not know passkeys. Use a newer one, or another device.";
    continue;
  }
  said.textContent = "";
  button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    said.textContent = "";
    const options = JSON.parse(form.dataset.options);
    try {
      const made = makes
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.passkey.value = JSON.stringify(made);
      form.submit();
    } catch {
      said.textContent = "The device did not finish. Nothing has changed; try again when you are ready.";
    }
  });
}
