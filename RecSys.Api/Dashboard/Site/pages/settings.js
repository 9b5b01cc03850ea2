// What lists are made by, to be read.

import { get, has } from '../lib/api.js';
import { card, put, table, tile, tiles } from '../lib/dom.js';
import { date, text, words } from '../lib/format.js';

export const title = 'Settings';
export const lead = 'The policy in force. It is set in the configuration (appsettings.json, environment, --set) and read here.';

const about = (rule) => ({
  pin: () => `${rule.item} at ${rule.position}`,
  boost: () => `× ${rule.factor}: ${rule.filter}`,
  bury: () => `× ${rule.factor}: ${rule.filter}`,
  cap: () => `${rule.most} of a ${rule.by} in the first ${rule.top}`,
})[rule.kind]?.() ?? rule.filter ?? '';

export async function show(place) {
  const settings = await get('/dashboard/settings');
  const rules = has('GET /rules') ? (await get('/rules?limit=500')).rules : null;
  put(place,
    card(`Policy ${settings.policy_name}`, table('Settings of the policy', [
      ['Setting', ([name]) => words(name)], ['Value', ([, value]) => (Array.isArray(value) ? value.join(', ') : text(value)), 'number'],
    ], [...Object.entries(settings.policy), ['hash, as served records quote it', settings.policy_hash]])),
    rules && card('Merchandising rules', table('Merchandising rules', [
      ['Rule', (rule) => rule.name || rule.id], ['Kind', (rule) => words(rule.kind)], ['About', about],
      ['Where', (rule) => rule.scenarios.join(', ') || 'everywhere'], ['For', (rule) => rule.segment ?? 'everybody'],
      ['From', (rule) => (rule.starts ? date(rule.starts) : '')], ['Until', (rule) => (rule.ends ? date(rule.ends) : '')],
      ['Priority', (rule) => text(rule.priority), 'number'], ['State', (rule) => (rule.enabled ? 'on' : 'off')],
    ], rules, 'No rules.')),
    card('This server', tiles(
      tile('After a good night', settings.rollout_mode === 'staged' ? 'staged' : 'at once', 'what becomes of a model that passes the gate'),
      tile('Trains by itself', settings.training_cron ?? 'never', settings.training_cron ? settings.training_time_zone : null),
      tile('Environment', settings.environment), tile('Program', settings.commit.slice(0, 12)),
      tile('Served moment', date(settings.served_time)))));
}
