// What the lists are worth: clicks, money, and who got what.

import { get } from '../lib/api.js';
import { chart } from '../lib/chart.js';
import { badge, card, h, put, table, tile, tiles } from '../lib/dom.js';
import { money, number, percent, words } from '../lib/format.js';
import { every } from '../lib/live.js';

export const title = 'Business';
export const lead = 'Clicks and revenue by hour, beside the target and other days.';
export const needs = 'GET /monitoring/business';

const GROUPS = { variant: 'Variant', scenario: 'Scenario', segment: 'Segment', source: 'Source of candidates' };

export async function show(place) {
  const now = h('div');
  const sources = h('div');
  const groups = h('div', { class: 'several' });
  const ctr = chart('Click-through rate by hour', {
    series: [
      { label: 'today', value: (value) => percent(value, 2) }, { label: 'yesterday', dash: [6, 4], value: (value) => percent(value, 2) },
      { label: 'same hour of past days', dash: [2, 4], value: (value) => percent(value, 2) },
      { label: 'target', colour: 'good', dash: [10, 4], value: (value) => percent(value, 2) },
    ],
    axes: [{ scale: 'share', format: (value) => percent(value, 1) }],
  });
  const revenue = chart('Revenue by hour', {
    stacked: true, height: 180, series: [{ label: 'revenue', colour: 'c3', value: money }],
    axes: [{ scale: 'money', format: (value) => number(value, 1) }],
  });

  const refresh = async () => {
    const report = await get('/monitoring/business?hours=24');
    const b = report.now ?? {};
    put(now, tiles(
      tile('Requests', number(b.requests)), tile('Impressions', number(b.impressions)), tile('Clicks', number(b.clicks)),
      tile('Click-through rate', percent(b.ctr, 2), b.target_ctr ? `target ${percent(b.target_ctr, 2)}` : null),
      tile('Engagement', percent(b.engagement_rate, 2)), tile('Revenue', `${money(b.revenue)} ${report.currency ?? ''}`),
      tile('eCPM', money(b.ecpm), 'per 1,000 impressions'), tile('Personal replies', percent(b.personal_share))),
    report.currency_note ? h('p', { class: 'muted' }, report.left_out?.other_currency > 0 ? badge('money left out', 'watch') : null, ' ',
      report.currency_note) : null);
    const hours = report.hours ?? [];
    const x = hours.map((row) => Date.parse(row.hour) / 1000);
    ctr.update(x, [...['ctr', 'yesterday_ctr', 'usual_ctr'].map((name) => hours.map((row) => row[name] ?? null)),
      hours.map(() => b.target_ctr ?? null)]);
    revenue.update(x, [hours.map((row) => row.revenue ?? 0)]);
    put(sources, table('Revenue by source', [
      ['Source', (row) => words(row.source)], ['Revenue', (row) => money(row.revenue), 'number'],
      ['Events', (row) => number(row.events), 'number'], ['eCPM', (row) => money(row.ecpm), 'number'],
    ], report.revenue_by_source ?? []));
    put(groups, Object.entries(GROUPS).filter(([name]) => report.by?.[name]?.length > 0).map(([name, text]) =>
      card(`By ${text.toLowerCase()}`, table(`By ${text.toLowerCase()}`, [
        [text, (row) => words(row.name)], ['Requests', (row) => number(row.requests), 'number'],
        ['Impressions', (row) => number(row.impressions), 'number'], ['Clicks', (row) => number(row.clicks), 'number'],
        ['Click-through rate', (row) => percent(row.ctr, 2), 'number'], ['Revenue', (row) => money(row.revenue), 'number'],
      ], report.by[name]))));
  };

  put(place, card('The last hour', now), card(null, ctr.element), card(null, revenue.element), card('Revenue by source', sources),
    groups);
  await refresh();
  const stop = every(60, () => refresh().catch(() => {}));
  return () => {
    stop();
    ctr.stop();
    revenue.stop();
  };
}
