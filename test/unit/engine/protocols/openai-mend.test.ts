/** Conversations that the provider keeps: what goes back to it about calls that the agent never saw. */

import { describe, expect, it } from 'vitest';
import { mendResponsesRequest } from '../../../../main/engine/protocols/openai-responses/mend.ts';
import type { Substitute, Substitutes } from '../../../../main/engine/protocols/pieces.ts';

const REFUSED: Substitute = {
  response: 'resp_1',
  call: { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'exec_command', arguments: '{"cmd":"rm -rf ~"}' },
  id: 'msg_holdpoint_1',
  text: 'Holdpoint refused this call.',
};

function known(...substitutes: readonly Substitute[]): Substitutes {
  return {
    of: (response) => substitutes.filter((one) => one.response === response),
    withId: (id) => substitutes.find((one) => one.id === id),
  };
}

function mended(body: string, substitutes: Substitutes = known(REFUSED)): string | undefined {
  const bytes = mendResponsesRequest(Buffer.from(body), substitutes);
  return bytes && Buffer.from(bytes).toString();
}

const OUTPUT = { type: 'function_call_output', call_id: 'call_1', output: REFUSED.text };

describe('a request that goes on from a response in which a call was refused', () => {
  it('carries that call’s output before what the agent says, and all else as it was written', () => {
    const body = '{"model": "gpt-5.2", "n": 1.50, "previous_response_id":"resp_1","input":[{"role":"user","content":"Go on."}], "x":1}';
    const sent = mended(body) ?? '';
    expect(JSON.parse(sent)).toEqual({ ...JSON.parse(body), input: [OUTPUT, { role: 'user', content: 'Go on.' }] });
    expect(sent).toContain('"n": 1.50');
  });

  it.each([
    ['a text', '"Go on."', [OUTPUT, { role: 'user', content: 'Go on.' }]],
    [
      'the output of another call',
      '[{"type":"function_call_output","call_id":"call_2","output":"ok"}]',
      [OUTPUT, { type: 'function_call_output', call_id: 'call_2', output: 'ok' }],
    ],
    ['nothing', '[]', [OUTPUT]],
  ])('has it where the agent sends %s', (_what, input, expected) => {
    const body = mended(`{"previous_response_id":"resp_1","input":${input}}`);
    expect(JSON.parse(body ?? '')).toEqual({ previous_response_id: 'resp_1', input: expected });
  });

  it.each([
    ['custom_tool_call', { type: 'custom_tool_call_output', call_id: 'call_1', output: REFUSED.text }],
    ['local_shell_call', { type: 'local_shell_call_output', id: 'call_1', output: JSON.stringify({ output: REFUSED.text }) }],
    ['apply_patch_call', { type: 'apply_patch_call_output', call_id: 'call_1', status: 'failed', output: REFUSED.text }],
    ['mcp_approval_request', { type: 'mcp_approval_response', approval_request_id: 'fc_1', approve: false, reason: REFUSED.text }],
  ])('has the output that the API knows for a %s', (type, output) => {
    const body = mended('{"previous_response_id":"resp_1","input":[]}', known({ ...REFUSED, call: { ...REFUSED.call, type } }));
    expect(JSON.parse(body ?? '').input).toEqual([output]);
  });

  it('has the message itself where the agent refers to it by its id, which the provider has never seen', () => {
    const body = mended('{"input":[{"type":"item_reference","id":"msg_1"},{"type":"item_reference","id":"msg_holdpoint_1"}]}');
    expect(JSON.parse(body ?? '').input).toMatchObject([
      { type: 'item_reference', id: 'msg_1' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: REFUSED.text }] },
    ]);
  });
});

describe('a request that goes as it came', () => {
  it.each([
    ['it goes on from another response', '{"previous_response_id":"resp_2","input":"x"}'],
    ['it repeats the conversation', '{"input":[{"role":"user","content":"x"}]}'],
    ['it has an output for the call already', `{"previous_response_id":"resp_1","input":[${JSON.stringify(OUTPUT)}]}`],
    ['it is no JSON', '{"previous_response_id":"resp_1"'],
    ['it is no object', '["resp_1"]'],
  ])('is one where %s', (_why, body) => {
    expect(mended(body)).toBeUndefined();
  });
});
