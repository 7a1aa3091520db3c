"use strict";

// A form with data-passkey is sent once the browser has asked a passkey. The question stands in the
// page, and the answer goes into a field of the form, so nothing is fetched.

const SAID = {
  InvalidStateError: "This device has a passkey for your account already.",
  NotAllowedError: "No passkey was used: it was put off, it took too long, or there is none here.",
  SecurityError: "This is not the address that the passkeys of this service are made for.",
};

async function ask(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = document.getElementById("passkey-problem");
    problem.textContent = "";
    if (performance.now() > 60000 * form.dataset.minutes) {
      problem.textContent = "This page was open for too long. Reload it.";
      return;
    }
    try {
      form.elements.answer.value = JSON.stringify(await ask(form));
      form.submit();
    } catch (error) {
      problem.textContent = SAID[error.name] || `This browser cannot use passkeys here. (${error})`;
    }
  });
}
