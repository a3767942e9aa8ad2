// Shows the secrets of issued cards on a page that must not see them: the surface of Issuing
// Elements. Everything secret happens in frames of the server that this script came from.
"use strict";

(() => {
  const ORIGIN = new URL(document.currentScript.src).origin;
  const FRAME = `${ORIGIN}/issuing_elements/frame`;
  const DISPLAYS = [
    "issuingCardNumberDisplay",
    "issuingCardCvcDisplay",
    "issuingCardExpiryDisplay",
    "issuingCardPinDisplay",
  ];
  const COPY_BUTTON = "issuingCardCopyButton";
  const COPIED = ["number", "expiry", "cvc", "pin"];
  const EVENTS = ["ready", "click", "success", "error", "loaderror"];
  // What other pages use this script's namesake for; here is no such thing.
  const ABSENT = ["createToken", "createSource", "createPaymentMethod", "confirmCardPayment"];

  class IntegrationError extends Error {
    constructor(message) {
      super(message);
      this.name = "IntegrationError";
    }
  }

  // A frame of the server, and the port through which it is spoken to.
  class Frame {
    constructor(opening, heard = () => {}) {
      this.heard = heard;
      this.asked = new Map();
      this.element = document.createElement("iframe");
      this.element.src = FRAME;
      this.element.title = "Card";
      this.element.allow = "clipboard-write";
      this.element.setAttribute("sandbox", "allow-scripts allow-same-origin");
      Object.assign(this.element.style, { border: "0", display: "block", width: "100%" });
      this.opened = new Promise((resolve) => {
        this.isOpen = resolve;
      });
      this.element.addEventListener("load", () => this.connect(opening), { once: true });
    }

    connect(opening) {
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      port1.onmessage = ({ data }) => this.listen(data);
      const message = { opens: "cardwright", ...opening };
      this.element.contentWindow.postMessage(message, ORIGIN, [port2]);
    }

    listen({ id, result, event, payload }) {
      if (event === "opened") {
        this.isOpen();
      } else if (event) {
        this.heard(event, payload);
      } else {
        this.asked.get(id)(result);
        this.asked.delete(id);
      }
    }

    async ask(verb, given) {
      await this.opened;
      return new Promise((resolve) => {
        const id = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
        this.asked.set(id, resolve);
        this.port.postMessage({ id, verb, given });
      });
    }

    remove() {
      this.element.remove();
    }
  }

  class Element {
    constructor(keeper, type, options) {
      this.keeper = keeper;
      this.type = type;
      this.options = options;
      this.listeners = new Map(EVENTS.map((name) => [name, []]));
      this.frame = null;
    }

    mount(place) {
      const target = typeof place === "string" ? document.querySelector(place) : place;
      if (!target || !target.append) {
        throw new IntegrationError(`There is no element '${place}' on the page to mount to.`);
      }
      this.unmount();
      const options = { ...this.options, type: this.type, keeper: this.keeper.name };
      this.keeper.frame.opened.then(() => {
        if (this.target !== target) return;
        this.frame = new Frame({ role: "part", options }, (event, payload) =>
          this.hear(event, payload),
        );
        this.frame.element.style.height = "1.2em";
        target.replaceChildren(this.frame.element);
      });
      this.target = target;
    }

    hear(event, { height, ...payload }) {
      if (height && this.frame) this.frame.element.style.height = `${height}px`;
      for (const listener of [...this.listeners.get(event)]) {
        listener({ elementType: this.type, ...payload });
      }
    }

    unmount() {
      if (this.frame) this.frame.remove();
      this.frame = null;
      this.target = null;
    }

    destroy() {
      this.unmount();
      for (const name of EVENTS) this.listeners.set(name, []);
    }

    update(options) {
      this.options = { ...this.options, ...options };
      if (this.frame) this.frame.ask("update", options);
    }

    on(event, listener) {
      if (this.listeners.has(event)) this.listeners.get(event).push(listener);
      return this;
    }

    once(event, listener) {
      const first = (payload) => {
        this.off(event, first);
        listener(payload);
      };
      return this.on(event, first);
    }

    off(event, listener) {
      const left = (this.listeners.get(event) || []).filter((one) => listener && one !== listener);
      if (this.listeners.has(event)) this.listeners.set(event, left);
      return this;
    }

    focus() {
      if (this.frame) this.frame.element.focus();
    }

    blur() {
      if (this.frame) this.frame.element.blur();
    }

    clear() {}
  }

  class Elements {
    constructor(keeper) {
      this.keeper = keeper;
      this.made = new Map();
    }

    create(type, options = {}) {
      if (type !== COPY_BUTTON && !DISPLAYS.includes(type)) {
        throw new IntegrationError(`There is no element of type '${type}' here.`);
      }
      if (typeof options.issuingCard !== "string") {
        throw new IntegrationError(`An element of type '${type}' needs an issuingCard.`);
      }
      if (type === COPY_BUTTON && !COPIED.includes(options.toCopy)) {
        throw new IntegrationError(`toCopy must be one of ${COPIED.join(", ")}.`);
      }
      const element = new Element(this.keeper, type, options);
      this.made.set(type, element);
      return element;
    }

    getElement(type) {
      return this.made.get(type) || null;
    }

    update() {}
  }

  let keepers = 0;

  class Instance {
    constructor(publishableKey, { stripeAccount, apiVersion } = {}) {
      keepers += 1;
      const name = `keeper-${keepers}`;
      const frame = new Frame({
        role: "keeper",
        name,
        publishableKey,
        account: stripeAccount,
        version: apiVersion,
      });
      this.keeper = { name, frame };
      Object.assign(frame.element.style, { height: "0", width: "0", position: "absolute" });
      frame.element.setAttribute("aria-hidden", "true");
      frame.element.tabIndex = -1;
      const attach = () => document.body.append(frame.element);
      if (document.body) attach();
      else document.addEventListener("DOMContentLoaded", attach, { once: true });
      for (const absent of ABSENT) {
        this[absent] = async () => ({
          error: { type: "invalid_request_error", message: `${absent} is not part of this server.` },
        });
      }
    }

    elements() {
      return new Elements(this.keeper);
    }

    createEphemeralKeyNonce({ issuingCard } = {}) {
      if (typeof issuingCard !== "string") {
        throw new IntegrationError("createEphemeralKeyNonce needs an issuingCard.");
      }
      return this.keeper.frame.ask("createNonce", {});
    }

    retrieveIssuingCard(issuingCard, { ephemeralKeySecret, nonce } = {}) {
      if (!ephemeralKeySecret || !nonce) {
        throw new IntegrationError("retrieveIssuingCard needs an ephemeralKeySecret and a nonce.");
      }
      return this.keeper.frame.ask("retrieve", { issuingCard, ephemeralKeySecret, nonce });
    }

    registerAppInfo() {}

    _registerWrapper() {}
  }

  function Stripe(publishableKey, options) {
    if (typeof publishableKey !== "string" || !publishableKey.startsWith("pk_")) {
      throw new IntegrationError("Stripe() needs a publishable key, which opens with pk_.");
    }
    return new Instance(publishableKey, options);
  }
  Stripe.version = "endive";

  if (!window.Stripe) window.Stripe = Stripe;
})();
