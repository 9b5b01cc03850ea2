// The browser's side of RecSys: lists, and what was seen of them. Purchases come from the shop's server, never from here.
//   import { RecSys } from "https://recsys.example/sdk/recsys.js";
//   const recsys = new RecSys({ user: "maria", token: async () => (await fetch("/my-shop/token")).text() });
//   const list = await recsys.recommend({ num_items: 10, device: "mobile" });
//   list.items.forEach((item, at) => recsys.watch(draw(item), { item_id: item.item_id, request_id: list.request_id, position: at }));
// In place of token, key: "pk_..." and visitor: "..." report what visitors see of lists that the shop's server has asked for.
const BATCH = 100, MOST = 500, SEEN_SHARE = 0.5, SEEN_MS = 1000, SEND_MS = 3000, LONGEST_MS = 300000;

export class RecSys {
  #url; #token; #key; #who; #store; #timer; #sending; #current; #eyes; #memory;
  #wait = SEND_MS; #shown = new Set(); #watched = new WeakMap();

  constructor({ url = new URL(import.meta.url).origin, user, visitor, token, key, store = "recsys.events" }) {
    [this.#url, this.#token, this.#key, this.#store] = [url, token, key, store];
    this.#who = token ? { user_id: user ?? visitor } : { anonymous_id: visitor };
    this.#eyes = new IntersectionObserver(entries => entries.forEach(entry => this.#look(entry)), { threshold: SEEN_SHARE });
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush(true));
    if (this.#read().length) this.#soon();
  }

  async recommend(parameters = {}) { // of GET /recommend; the reply as it came
    const query = new URLSearchParams({ user_id: this.#who.user_id, ...parameters });
    const reply = await this.#ask(`/recommend?${query}`, {});
    if (!reply.ok) throw Object.assign(new Error(`RecSys answered ${reply.status}`), { problem: await reply.json().catch(() => null) });
    return reply.json();
  }

  watch(element, { item_id, request_id, position }) { // an impression once half of it was in view for a second; clicks as they come
    this.#watched.set(element, { about: { item_id, request_id, position } });
    this.#eyes.observe(element);
    element.addEventListener("click", () => this.report("click", { item_id, request_id, position }));
  }

  report(type, about) { // "impression", "click" or "view"; kept until the server has it
    const left = [...this.#read(), { id: this.#id(), type, time: new Date().toISOString(), ...this.#who, ...about }];
    this.#write(left.slice(-MOST));
    this.#soon();
  }

  flush(leaving = false) { // sends what waits, one post at a time; an id that arrives twice counts once
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending && !leaving) return this.#sending;
    return this.#sending = this.#send(leaving).finally(() => { this.#sending = undefined; });
  }

  async #send(leaving) {
    const batch = this.#read().slice(0, BATCH);
    if (!batch.length) return;
    let done = false;
    try {
      const body = JSON.stringify({ events: batch });
      const headers = { "Content-Type": "application/json" };
      const reply = await this.#ask("/events", { method: "POST", body, keepalive: leaving, headers });
      // What was refused would be refused again; what came too soon or met a fault is tried again.
      done = reply.ok || (reply.status < 500 && ![401, 408, 429].includes(reply.status));
      this.#wait = Math.max(SEND_MS, 1000 * (Number(reply.headers.get("Retry-After")) || 0), done ? 0 : this.#later());
    } catch { this.#wait = this.#later(); } // no connection
    if (done) { const sent = new Set(batch.map(e => e.id)); this.#write(this.#read().filter(e => !sent.has(e.id))); }
    if (this.#read().length) this.#soon();
  }

  async #ask(path, options, again = true) {
    const bearer = this.#token ? this.#current ??= await this.#token() : this.#key;
    const reply = await fetch(this.#url + path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${bearer}` } });
    if (reply.status !== 401 || !this.#token || !again) return reply;
    this.#current = undefined; // it has ended: a new one, once
    return this.#ask(path, options, false);
  }

  #look({ target, isIntersecting, intersectionRatio }) {
    const seen = this.#watched.get(target);
    clearTimeout(seen?.timer);
    const name = `${seen?.about.request_id} ${seen?.about.item_id}`;
    if (!seen || !isIntersecting || intersectionRatio < SEEN_SHARE || this.#shown.has(name)) return;
    const see = () => {
      if (document.visibilityState !== "visible") { seen.timer = setTimeout(see, SEEN_MS); return; }
      this.#eyes.unobserve(target);
      if (!this.#shown.has(name)) { this.#shown.add(name); this.report("impression", seen.about); }
    };
    seen.timer = setTimeout(see, SEEN_MS);
  }

  #later() { return Math.min(2 * this.#wait, LONGEST_MS); }
  #soon() { this.#timer ??= setTimeout(() => this.flush(), this.#wait); }
  #id() { return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join(""); }
  #read() {
    let kept;
    try { kept = this.#memory ?? JSON.parse(localStorage.getItem(this.#store)); } catch { } // nothing kept, or nothing of ours
    return Array.isArray(kept) ? kept : [];
  }
  #write(events) { // where the browser keeps nothing, as long as the page is open
    try { localStorage.setItem(this.#store, JSON.stringify(events)); this.#memory = undefined; } catch { this.#memory = events; }
  }
}
