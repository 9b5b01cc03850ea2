// What the server tells by itself, as long as the page is shown.

/** Listens to topics of GET /dashboard/stream: { latency: data => …, events: … }. Returns how to stop. */
export function listen(handlers) {
  let source = null;
  let timer = 0;
  let stopped = false;

  const open = () => {
    source = new EventSource(`/dashboard/stream?topics=${Object.keys(handlers).join(',')}`);
    for (const [topic, handle] of Object.entries(handlers)) {
      source.addEventListener(topic, (event) => handle(JSON.parse(event.data)));
    }
    source.addEventListener('time', () => mark(true));
    source.onerror = () => {
      mark(false);
      // A refused stream is not tried again by the browser: there may be too many, or the session is over.
      if (source.readyState !== EventSource.CLOSED || stopped) return;
      window.dispatchEvent(new Event('stream-lost'));
      timer = setTimeout(open, 10_000);
    };
  };

  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
    mark(null);
  };
}

function mark(alive) {
  document.documentElement.dataset.live = alive === null ? 'off' : alive ? 'on' : 'lost';
}

/** Does something again and again, from in a while on, as long as the page can be seen. Returns how to stop. */
export function every(seconds, work) {
  const timer = setInterval(() => {
    if (!document.hidden) work();
  }, seconds * 1000);
  return () => clearInterval(timer);
}
