// What a run came to: the list as cards, what was taken out where, and the time of each stage.

import { meter, stack } from '../../lib/bars.js';
import { badge, card, h, table, tile, tiles } from '../../lib/dom.js';
import { ms, number, percent, words } from '../../lib/format.js';
import { picture } from './picture.js';

const MOST_REMOVED = 60;

/** The whole of a reply; of another one beside it, how they differ. */
export function outcome(name, list, other) {
  const places = new Map((other?.items ?? []).map((item) => [item.item_id, item.rank]));
  const traced = new Map(list.trace.items.map((item) => [item.item_id, item]));
  const common = list.items.filter((item) => places.has(item.item_id)).length;
  return h('section', { class: 'outcome', 'aria-label': name ?? 'The list' },
    h('h2', null, name ?? 'The list'),
    card(null, tiles(
      tile('Items', number(list.items.length),
        list.shortfall ? `asked for ${list.shortfall.asked}: ${words(list.shortfall.because)}` : null),
      tile('Personal', list.personalised ? 'yes' : 'no', list.not_personal_because ? words(list.not_personal_because) : null),
      tile('Took', ms(list.latency_ms)), tile('Model', list.model_version), tile('Log position', number(list.trace.position)),
      other ? tile('In both lists', `${common} of ${list.items.length}`) : null),
    list.degraded.length > 0 ? h('p', { class: 'bad' }, `Less than it could be: ${list.degraded.map(words).join(', ')}.`) : null),
    h('ol', { class: 'items' }, list.items.map((item) => itemCard(item, traced.get(item.item_id), other ? places : null))),
    card('Stages', stages(list.trace)), removed(list.trace));
}

function itemCard(item, trace, places) {
  const was = places?.get(item.item_id);
  const figures = [
    ['Score', number(item.score, 4)], ['Click probability', percent(trace?.click_probability, 2)],
    ['Ranker', number(trace?.rank_score, 4)], ['Nearness', number(trace?.retrieval_score, 4)],
    ['Nearest', trace?.retrieval_rank ? `no. ${number(trace.retrieval_rank)}` : '–'],
    ['Shown with', percent(trace?.propensity, 0)],
  ];
  return h('li', { class: 'item card' },
    picture(item, trace),
    h('div', { class: 'about' },
      h('p', { class: 'rank' }, `${item.rank}`, places ? [' ', badge(was === undefined ? 'only here' : was === item.rank ? 'same place'
        : `${was} in the other`, was === undefined ? 'watch' : '')] : null),
      h('h3', null, item.title || item.item_id),
      h('p', { class: 'muted' }, [item.item_id, trace?.category, trace?.creator].filter(Boolean).join(' · ')),
      h('p', { class: 'sources' }, (trace?.sources ?? item.sources ?? []).map((source) => [badge(words(source)), ' ']),
        trace?.slot && trace.slot !== 'ranked' ? badge(trace.slot, 'watch') : null),
      meter(`Score ${number(item.score, 4)}`, item.score, 'good'),
      h('details', null, h('summary', null, 'Why it is here'),
        h('dl', { class: 'pairs' }, figures.map(([name, value]) => [h('dt', null, name), h('dd', null, value)])))));
}

function stages(trace) {
  const total = trace.stages.reduce((sum, stage) => sum + stage.ms, 0);
  const byPart = new Map();
  for (const stage of trace.stages) byPart.set(stage.part, (byPart.get(stage.part) ?? 0) + stage.ms);
  return [
    stack('Time per part', [...byPart].map(([name, value]) => ({ name: words(name), value })), ms),
    table('Stages in order', [
      ['Stage', (row) => words(row.stage)], ['In', (row) => number(row.before), 'number'], ['Out', (row) => number(row.after), 'number'],
      ['Taken out', (row) => Object.entries(row.removed ?? {}).map(([why, count]) => `${count} ${words(why)}`).join(', ') || '–'],
      ['Time', (row) => ms(row.ms), 'number'], ['Share', (row) => percent(total > 0 ? row.ms / total : 0, 0), 'number'],
    ], trace.stages),
  ];
}

function removed(trace) {
  const shown = trace.removed.slice(0, MOST_REMOVED);
  return h('details', { class: 'card' }, h('summary', null, `Taken out: ${number(trace.removed_total)} candidates`),
    table('Candidates that were taken out', [
      ['Item', (row) => row.item_id], ['Title', (row) => row.title], ['Stage', (row) => words(row.stage)],
      ['Why', (row) => words(row.reason)],
    ], shown, 'None.'),
    trace.removed_total > shown.length ? h('p', { class: 'muted' }, `The first ${shown.length} of ${number(trace.removed_total)}.`) : null);
}
