// Nightly runs: how far each is, and what came of it. Part of the page of the models.

import { meter } from '../lib/bars.js';
import { badge, h, table } from '../lib/dom.js';
import { date, number, words } from '../lib/format.js';

/** The nights that the data folder has, and the one at work now. */
export function nights({ steps, nights: all }, schedule) {
  const running = schedule?.last && schedule.last.started && !schedule.last.ended;
  return [
    schedule ? h('p', null, running ? `A night is at work since ${date(schedule.last.started)}.`
      : `Next night: ${date(schedule.next)}. Last: ${schedule.last?.verdict ?? 'none'}.`) : h('p', { class: 'muted' },
      'This server never trains by itself (Training:Schedule:Cron); recsys train nightly does it by hand.'),
    table('Nights', [
      ['Night', (row) => row.day],
      ['Steps', (row) => [`${row.done.length} of ${steps.length} `,
        meter(`${row.done.length} of ${steps.length} steps are done`, row.done.length / steps.length, 'good')]],
      ['Last step', (row) => (row.done.length === 0 ? '–' : words(row.done.at(-1).step))],
      ['What came of it', (row) => (row.done.length === 0 ? '–' : [row.done.at(-1).stopped ? [badge('stopped', 'bad'), ' '] : null,
        row.done.at(-1).verdict])],
      ['Seconds', (row) => number(row.done.reduce((sum, step) => sum + step.seconds, 0), 0), 'number'],
      ['Report', (row) => (row.has_report ? h('a', {
        href: `/dashboard/nights/${encodeURIComponent(row.day)}/report`, target: '_blank', rel: 'noopener',
        'aria-label': `Report of ${row.day}, in a new tab`,
      }, 'Open') : '–')],
    ], all, 'No night was run in this data folder.'),
  ];
}
