// The picture of an item where this server lets browsers load it, else a drawing of its own.

import { imageHosts } from '../../lib/api.js';
import { h, s } from '../../lib/dom.js';

const SHADES = 8;

export function picture(item, trace) {
  const address = item.thumbnail && URL.canParse(item.thumbnail) ? new URL(item.thumbnail) : null;
  if (address && imageHosts().includes(address.origin)) {
    return h('img', { class: 'picture', src: address.href, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer' });
  }
  // The same category has the same ground, the same item the same lines.
  const [ground, lines] = [hash(trace?.category ?? ''), hash(item.item_id)];
  const shapes = [];
  for (let at = 0; at < 3; at++) {
    const bits = (lines >>> (at * 9)) & 511;
    shapes.push(s('circle', { cx: 10 + (bits % 100), cy: 8 + ((bits >>> 3) % 60), r: 8 + (bits % 23), class: `shape s${at}` }));
  }
  return s('svg', {
    viewBox: '0 0 120 76', preserveAspectRatio: 'xMidYMid slice', class: `picture drawn g${ground % SHADES}`, 'aria-hidden': 'true',
  },
    s('rect', { width: 120, height: 76, class: 'ground' }), shapes,
    s('text', { x: 60, y: 47, 'text-anchor': 'middle' }, [...(item.title || item.item_id)][0].toUpperCase()));
}

// FNV-1a, 32 bits.
function hash(text) {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return value;
}
