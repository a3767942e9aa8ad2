// One frame of Issuing Elements. The page outside speaks to it through a port and never sees what
// is secret: a keeper frame fetches cards and holds private nonces, and the frames that show a
// member or copy it ask the keeper, which only frames of this origin can reach.
"use strict";

(() => {
  const EXPANSIONS = ["number", "cvc", "pin.number"];
  const STYLES = [
    "backgroundColor",
    "color",
    "fontFamily",
    "fontSize",
    "fontStyle",
    "fontVariant",
    "fontWeight",
    "letterSpacing",
    "lineHeight",
    "textAlign",
    "textDecoration",
    "textShadow",
    "textTransform",
  ];

  const pad = (number) => String(number).padStart(2, "0");
  const expiry = (card) => `${pad(card.exp_month)}/${pad(card.exp_year % 100)}`;
  const pin = (card) => card.pin && card.pin.number;

  // What each element shows, and what a copy button copies.
  const SHOWN = {
    issuingCardNumberDisplay: (card) => card.number && card.number.replace(/(.{4})(?=.)/g, "$1 "),
    issuingCardCvcDisplay: (card) => card.cvc,
    issuingCardExpiryDisplay: expiry,
    issuingCardPinDisplay: pin,
  };
  const COPIED = { number: (card) => card.number, cvc: (card) => card.cvc, expiry, pin };

  const refusal = (type, message) => ({ type, message });
  const withoutSecrets = ({ number, cvc, pin: _pin, ...card }) => card;

  async function ask(method, path, secret, { account, version }) {
    const headers = { Authorization: `Bearer ${secret}` };
    if (account) headers["Stripe-Account"] = account;
    if (version) headers["Stripe-Version"] = version;
    let body;
    try {
      const answer = await fetch(path, { method, headers, credentials: "omit", cache: "no-store" });
      body = await answer.json();
    } catch {
      throw refusal("api_connection_error", "The server could not be reached.");
    }
    if (body.error) throw body.error;
    return body;
  }

  class Keeper {
    constructor({ name, publishableKey, account, version }) {
      this.name = name;
      this.publishableKey = publishableKey;
      this.spoken = { account, version };
      this.privateNonces = new Map();
      this.cards = new Map();
    }

    async createNonce() {
      const path = "/v1/ephemeral_key_nonces";
      const made = await ask("POST", path, this.publishableKey, this.spoken);
      this.privateNonces.set(made.public_nonce, made.private_nonce);
      return { nonce: made.public_nonce };
    }

    // The card with its secrets: for frames of this origin.
    card(id, { ephemeralKeySecret, nonce }) {
      if (!ephemeralKeySecret) {
        const known = this.cards.get(id);
        if (known) return known;
        const message = `Card ${id} was not retrieved, and no ephemeral key for it was given.`;
        return Promise.reject(refusal("invalid_request_error", message));
      }
      const name = [id, ephemeralKeySecret, nonce].join(" ");
      if (!this.cards.has(name)) {
        const found = this.fetchCard(id, ephemeralKeySecret, nonce);
        this.cards.set(name, found);
        found.then(
          () => this.cards.set(id, found),
          () => this.cards.delete(name),
        );
      }
      return this.cards.get(name);
    }

    fetchCard(id, secret, nonce) {
      const query = new URLSearchParams();
      const privateNonce = this.privateNonces.get(nonce);
      if (privateNonce) query.set("ephemeral_key_private_nonce", privateNonce);
      for (const expansion of EXPANSIONS) query.append("expand[]", expansion);
      query.set("safe_expands", "true");
      const path = `/v1/issuing/cards/${encodeURIComponent(id)}?${query}`;
      return ask("GET", path, secret, this.spoken);
    }

    async retrieve({ issuingCard, ...key }) {
      return { issuingCard: withoutSecrets(await this.card(issuingCard, key)) };
    }
  }

  // The keeper is a frame beside this one. Frames of other origins refuse to be looked into.
  function keeperNamed(name) {
    for (let at = 0; at < parent.length; at += 1) {
      try {
        const keeper = parent[at].keeper;
        if (keeper && keeper.name === name) return keeper;
      } catch {
        // It belongs to somebody else.
      }
    }
    throw refusal("api_connection_error", "The page was taken apart.");
  }

  function dress(element, style) {
    const wanted = (style && style.base) || {};
    for (const name of STYLES) {
      if (typeof wanted[name] === "string") element.style[name] = wanted[name];
    }
  }

  class Part {
    constructor(options, tell) {
      this.tell = tell;
      this.options = options;
      const isButton = options.type === "issuingCardCopyButton";
      this.element = document.createElement(isButton ? "button" : "output");
      document.body.append(this.element);
      if (isButton) this.element.addEventListener("click", () => this.copy());
      this.show();
    }

    async card() {
      const { keeper, issuingCard, ephemeralKeySecret, nonce } = this.options;
      return keeperNamed(keeper).card(issuingCard, { ephemeralKeySecret, nonce });
    }

    async show() {
      const { type, toCopy, style } = this.options;
      dress(this.element, style);
      try {
        const card = await this.card();
        const text = type in SHOWN ? SHOWN[type](card) : COPIED[toCopy] && "Copy";
        if (!text) throw refusal("invalid_request_error", "The card does not have what is shown.");
        this.element.textContent = text;
        if (toCopy) this.element.setAttribute("aria-label", `Copy ${toCopy}`);
        this.tell("ready", { height: this.element.offsetHeight });
      } catch (error) {
        this.tell("loaderror", { error: refusal(error.type, error.message) });
      }
    }

    async copy() {
      this.tell("click", {});
      try {
        const card = await this.card();
        await navigator.clipboard.writeText(COPIED[this.options.toCopy](card));
        this.tell("success", {});
      } catch {
        const message = "The browser did not let the value be copied.";
        this.tell("error", { error: refusal("api_error", message) });
      }
    }

    update(options) {
      Object.assign(this.options, options);
      this.show();
    }
  }

  function open({ data, ports: [port] }) {
    const tell = (event, payload) => port.postMessage({ event, payload });
    if (data.role === "keeper") window.keeper = new Keeper(data);
    const served =
      data.role === "keeper"
        ? {
            createNonce: () => window.keeper.createNonce(),
            retrieve: (given) => window.keeper.retrieve(given),
          }
        : (() => {
            const part = new Part(data.options, tell);
            return { update: (options) => part.update(options) };
          })();
    port.onmessage = async ({ data: { id, verb, given } }) => {
      try {
        port.postMessage({ id, result: await served[verb](given) });
      } catch (error) {
        port.postMessage({ id, result: { error: { ...error } } });
      }
    };
    tell("opened", {});
  }

  window.addEventListener("message", (message) => {
    if (message.source === parent && message.data && message.data.opens === "cardwright") {
      open(message);
    }
  }, { once: true });
})();
