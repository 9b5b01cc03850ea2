// Bars that need no axis of time: shares of a whole, two histograms over one another, how much of a whole.

import { h, s } from './dom.js';
import { number, percent } from './format.js';
import { COLOURS } from './chart.js';

/** One bar of parts, with a legend. Parts: [{ name, value }]; show: value => text. */
export function stack(title, parts, show) {
  const total = parts.reduce((sum, part) => sum + Math.max(0, part.value), 0);
  let at = 0;
  const pieces = parts.map((part, row) => {
    const width = total === 0 ? 0 : (100 * Math.max(0, part.value)) / total;
    const paint = COLOURS[row % COLOURS.length];
    const piece = s('rect', { x: at, y: 0, width: Math.max(0, width - 0.15), height: 10, class: `fill ${paint}` });
    at += width;
    return piece;
  });
  return h('figure', { class: 'chart' }, title ? h('figcaption', null, title) : null,
    s('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', class: 'stack', role: 'img', 'aria-label': title ?? 'Parts' }, pieces),
    h('ul', { class: 'legend' }, parts.map((part, row) => h('li', null,
      h('span', { class: `swatch ${COLOURS[row % COLOURS.length]}` }), `${part.name} `, h('b', null, show(part.value)),
      total === 0 ? null : h('span', { class: 'muted' }, ` ${percent(part.value / total, 0)}`)))));
}

/**
 * Two histograms over one another: what the model was trained on, and what comes now.
 * @param {string} title Of what.
 * @param {number[]} edges Between the bars, or names of them.
 * @param {number[]} reference Shares.
 * @param {number[]} current Shares.
 */
export function histograms(title, edges, reference, current) {
  const count = Math.max(reference?.length ?? 0, current?.length ?? 0);
  const most = Math.max(...(reference ?? []), ...(current ?? []), 0.0001);
  const [width, height] = [600, 180];
  const step = width / Math.max(1, count);
  const bar = (share, at, inset, kind) => s('rect', {
    x: at * step + inset, y: height - (height * (share ?? 0)) / most, width: Math.max(1, step - 2 * inset),
    height: (height * (share ?? 0)) / most, class: kind,
  }, s('title', null, `${binName(edges, at, count)}: ${percent(share)}`));
  const bars = [];
  for (let at = 0; at < count; at++) {
    bars.push(bar(reference?.[at], at, step * 0.06, 'reference'), bar(current?.[at], at, step * 0.22, 'current'));
  }
  return h('figure', { class: 'chart histogram' }, h('figcaption', null, title),
    s('svg', {
      viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': `${title}: ${count} bins, the share of each in training and now`,
    }, bars),
    h('ul', { class: 'legend' },
      h('li', null, h('span', { class: 'swatch reference' }), 'training'), h('li', null, h('span', { class: 'swatch current' }), 'now')),
    h('p', { class: 'muted' }, `From ${binName(edges, 0, count)} to ${binName(edges, count - 1, count)}.`));
}

/** Name of a bin between its edges; edges may leave out the outermost. */
function binName(edges, at, count) {
  if (!edges || edges.length === 0) return `bin ${at + 1}`;
  const outer = edges.length > count ? 0 : 1;
  const from = edges[at - outer];
  const to = edges[at - outer + 1];
  const show = (edge) => (typeof edge === 'number' ? number(edge, 3) : String(edge));
  if (typeof edges[at] === 'string') return edges[at];
  if (from === undefined) return `below ${show(to)}`;
  return to === undefined ? `${show(from)} and more` : `${show(from)} to ${show(to)}`;
}

/** How much of a whole. */
export function meter(title, share, kind = '') {
  const width = Math.max(0, Math.min(1, share ?? 0)) * 100;
  return s('svg', { viewBox: '0 0 100 6', preserveAspectRatio: 'none', class: `meter ${kind}`, role: 'img', 'aria-label': title },
    s('rect', { x: 0, y: 0, width: 100, height: 6, class: 'back' }), s('rect', { x: 0, y: 0, width, height: 6, class: 'front' }));
}
