/**
 * The model's provider beside a machine: started in its network, and in nothing else of it. Arguments: a folder for its authority, the
 * address to listen at, the names of the hosts that it is. Prints "ready", and then a line of JSON for each request of an agent's.
 */

import { createServer } from 'node:http';
import { startScriptedProvider } from '../../../main/cli/demo/provider.ts';
import { createObedientModel } from '../model.ts';
import { everybodysAuthority } from './certificates.ts';

const [folder = '', host = '', ...names] = process.argv.slice(2);
const context = await everybodysAuthority(folder, names);
const model = createObedientModel();
let told = 0;
await startScriptedProvider({
  at: { host, port: 443 },
  contextFor: () => context,
  reply(request) {
    const reply = model.reply(request);
    for (const { conversation } of model.asked.slice(told)) console.log(JSON.stringify({ conversation }));
    told = model.asked.length;
    return reply;
  },
  upgrade: model.upgrade,
});
// Something that is no model, to see that it is left alone.
createServer((_request, response) => response.end('outside\n')).listen(80, host);
console.log('ready');
