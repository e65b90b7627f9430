// Passkeys: the button asks the server what to ask the device, the device asks for finger, face or PIN, and the
// form takes the answer back. Without script or without passkeys in the browser, the other ways stay.

const encoder = {
  toText(buffer) {
    let bytes = "";
    for (const byte of new Uint8Array(buffer)) bytes += String.fromCharCode(byte);
    return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  },
  toBytes(text) {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  },
};

function descriptors(listed) {
  return (listed ?? []).map((one) => ({ ...one, id: encoder.toBytes(one.id) }));
}

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: encoder.toBytes(options.challenge),
      user: { ...options.user, id: encoder.toBytes(options.user.id) },
      excludeCredentials: descriptors(options.excludeCredentials),
    },
  });
  return {
    ...shell(made),
    response: {
      clientDataJSON: encoder.toText(made.response.clientDataJSON),
      attestationObject: encoder.toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function ask(options) {
  const found = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: encoder.toBytes(options.challenge),
      allowCredentials: descriptors(options.allowCredentials),
    },
  });
  const handle = found.response.userHandle;
  return {
    ...shell(found),
    response: {
      clientDataJSON: encoder.toText(found.response.clientDataJSON),
      authenticatorData: encoder.toText(found.response.authenticatorData),
      signature: encoder.toText(found.response.signature),
      userHandle: handle ? encoder.toText(handle) : null,
    },
  };
}

function shell(credential) {
  return {
    id: credential.id,
    rawId: encoder.toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

function say(form, kind) {
  for (const sentence of form.querySelectorAll("[data-passkey-say]")) {
    sentence.hidden = sentence.dataset.passkeySay !== kind;
  }
}

async function options(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("no options");
  return answer.json();
}

async function run(form) {
  if (!form.reportValidity()) return;
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, "wait");
  try {
    const asked = await options(form);
    const answer = form.dataset.passkey === "make" ? await make(asked) : await ask(asked);
    form.elements.answer.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    button.disabled = false;
    say(form, error.name === "InvalidStateError" ? "known" : "failed");
    button.focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const possible = window.PublicKeyCredential && navigator.credentials;
  for (const part of form.querySelectorAll("[data-passkey-possible]")) part.hidden = !possible;
  say(form, possible ? "" : "impossible");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form);
  });
}
