/**
 * A client of an engine that serves several users, in a process of its own, because whose it is depends on who runs it. Its argument is
 * JSON: `{dir, attends?, calls: [[method, params], …]}`. Writes one line of JSON for each: `{result}` or `{code, message}`; then the events
 * that it hears, until its standard input ends.
 */

import { CONTROL_EVENTS, type ControlEvent } from '../../main/contract/control.ts';
import { HoldpointError } from '../../main/contract/errors.ts';
import { connectControl } from '../../main/engine/control/client.ts';

const { dir, attends = false, calls } = JSON.parse(process.argv[2] ?? '');
const say = (what: unknown) => process.stdout.write(`${JSON.stringify(what)}\n`);
const failed = (thrown: unknown) =>
  say(thrown instanceof HoldpointError ? { code: thrown.code, message: thrown.message } : { fault: String(thrown) });

try {
  const client = await connectControl(dir, { client: 'test', attends });
  for (const event of Object.keys(CONTROL_EVENTS) as ControlEvent[]) client.on(event, (data) => say({ event, data }));
  for (const [method, params] of calls) await client.call(method, params).then((result) => say({ result }), failed);
  process.stdin.resume().once('end', () => client.close());
  void client.closed.then(() => process.stdin.destroy());
} catch (thrown) {
  failed(thrown);
}
