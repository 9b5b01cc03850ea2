// Elements without markup: text from data becomes text nodes, whatever is written in it.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** An element with attributes, listeners (onclick: f) and children: nodes, texts, lists of them, or null for none. */
export const h = (name, properties, ...children) => fill(document.createElement(name), properties, children);

/** The same for drawings. */
export const s = (name, properties, ...children) => fill(document.createElementNS(SVG, name), properties, children);

/** Puts new content in place of the old. */
export function put(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Says something to whoever looks or listens, and takes it away after a while. */
export function say(text, bad = false) {
  const place = document.getElementById('said');
  const line = h('p', { class: bad ? 'bad' : 'good' }, text);
  place.replaceChildren(line);
  setTimeout(() => line.remove(), 8000);
}

/** A card with a heading. */
export function card(title, ...children) {
  return h('section', { class: 'card' }, title ? h('h2', null, title) : null, children);
}

/** A table; numbers stand on the right. Columns: [heading, row => content, 'number' or nothing]. */
export function table(caption, columns, rows, empty = 'Nothing.') {
  if (rows.length === 0) return h('p', { class: 'muted' }, empty);
  const named = (title) => title || h('span', { class: 'hidden' }, 'Actions');
  const head = columns.map(([title, , kind]) => h('th', { scope: 'col', class: kind ?? null }, named(title)));
  const body = rows.map((row) => h('tr', null, columns.map(([, cell, kind], at) =>
    at === 0 ? h('th', { scope: 'row', class: kind ?? null }, cell(row)) : h('td', { class: kind ?? null }, cell(row)))));
  // What is wider than a phone is moved sideways, by keyboard too.
  return h('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', null, h('caption', { class: 'hidden' }, caption), h('thead', null, h('tr', null, head)), h('tbody', null, body)));
}

/** A figure with its name. */
export function tile(name, value, note, extra) {
  return h('div', { class: 'tile' }, h('dt', null, name), h('dd', null, h('span', { class: 'figure' }, value), note
    ? h('span', { class: 'note' }, note) : null, extra));
}

/** Figures side by side. */
export const tiles = (...children) => h('dl', { class: 'tiles' }, children);

/** A word in a colour: good, watch, bad or none. */
export const badge = (word, kind) => h('span', { class: `badge ${kind ?? ''}` }, word);

/** Asks before something is done. Resolves to what was typed, or null when it was called off. */
export function confirmed(question, { detail, button, reason }) {
  return new Promise((resolve) => {
    const field = reason ? h('input', { type: 'text', name: 'reason', maxlength: '200', autocomplete: 'off' }) : null;
    const dialog = h('dialog', { 'aria-labelledby': 'question' }, h('form', { method: 'dialog', class: 'card' },
      h('h2', { id: 'question' }, question), detail ? h('p', null, detail) : null,
      field ? h('label', null, 'Reason, kept in the history', field) : null,
      h('div', { class: 'row' }, h('button', { value: 'yes', class: 'main' }, button),
        h('button', { value: 'no', class: 'secondary' }, 'Cancel'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? field?.value ?? '' : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
