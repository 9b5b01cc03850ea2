// What lists are made by, to be read.

import { get } from '../lib/api.js';
import { card, put, table, tile, tiles } from '../lib/dom.js';
import { date, text, words } from '../lib/format.js';

export const title = 'Settings';
export const lead = 'The policy in force. It is set in the configuration (appsettings.json, environment, --set) and read here.';

export async function show(place) {
  const settings = await get('/dashboard/settings');
  put(place,
    card(`Policy ${settings.policy_name}`, table('Settings of the policy', [
      ['Setting', ([name]) => words(name)], ['Value', ([, value]) => text(value), 'number'],
    ], [...Object.entries(settings.policy), ['hash, as served records quote it', settings.policy_hash]])),
    card('This server', tiles(
      tile('After a good night', settings.rollout_mode === 'staged' ? 'staged' : 'at once', 'what becomes of a model that passes the gate'),
      tile('Trains by itself', settings.training_cron ?? 'never', settings.training_cron ? settings.training_time_zone : null),
      tile('Environment', settings.environment), tile('Program', settings.commit.slice(0, 12)),
      tile('Served moment', date(settings.served_time)))));
}
