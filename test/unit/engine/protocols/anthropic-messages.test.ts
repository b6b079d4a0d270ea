import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../../main/engine/protocols/anthropic-messages/protocol.ts';
import { blockStop, call, callStart, event, input, start, stop, text, thinking } from './anthropic-events.ts';
import { cuts, EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';

const stream = (body: string, judge: Judge, options = {}) => receive(anthropicMessages, EVENTS, body, judge, options);
const whole = (message: unknown, judge: Judge, options = {}) =>
  receive(anthropicMessages, JSON_TYPE, typeof message === 'string' ? message : JSON.stringify(message), judge, options);

const turn =
  start +
  thinking(0, 'Hm.') +
  text(1, 'I’ll look. 看') +
  call(2, 'ls SECRET') +
  text(3, 'And then:') +
  call(4, 'rm SECRET') +
  stop('tool_use');

describe('a streamed answer', () => {
  it('reaches the agent byte for byte when every call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await stream(turn, RELEASE, { cuts: at })).text).toBe(turn);
      }),
    );
    expect((await stream(turn, RELEASE, { cuts: 'bytes' })).text).toBe(turn);
  });

  it.each(['\r\n', '\r'])('is read the same with other line ends (%j)', async (eol) => {
    const other = turn.replaceAll('\n', eol);
    expect((await stream(other, RELEASE, { cuts: 'bytes' })).text).toBe(other);
    const refused = await stream(other, REFUSE, { cuts: 'bytes' });
    expect(refused.calls.map((c) => c.input)).toEqual([{ command: 'ls SECRET' }, { command: 'rm SECRET' }]);
    expect(refused.text).not.toMatch(/SECRET|tool_use|partial_json/);
  });

  it('gives the agent no byte of a refused call, however it is cut, and all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const { text: seen } = await stream(turn, REFUSE, { cuts: at });
        expect(seen).not.toMatch(/SECRET|tool_use|partial_json/);
        expect(seen.startsWith(start + thinking(0, 'Hm.') + text(1, 'I’ll look. 看'))).toBe(true);
        expect(seen).toContain(text(3, 'And then:'));
        expect(seen).toContain('It deletes outside the workspace. (policy: no-deleting)');
      }),
    );
  });

  it('never shows a refused call’s id or arguments, whatever they are', async () => {
    const marker = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    await fc.assert(
      fc.asyncProperty(marker, marker, fc.boolean(), cuts, async (kept, gone, first, at) => {
        const calls = first ? call(0, gone) + call(1, kept) : call(0, kept) + call(1, gone);
        const { text: seen } = await stream(
          start + calls + stop('tool_use'),
          (c) => (JSON.stringify(c.input).includes(gone) ? 'refuse' : 'release'),
          {
            cuts: at,
          },
        );
        const index = first ? 0 : 1;
        expect(seen).not.toContain(gone.slice(0, 7));
        expect(seen).not.toContain(`toolu_SECRET${index}`);
        expect(seen).toContain(call(1 - index, kept));
        expect(seen).toContain('"stop_reason":"tool_use"');
      }),
    );
  });

  it.each([
    ['every call refused', REFUSE, 'end_turn'],
    ['one of two refused', ((c) => (c.id === 'toolu_SECRET2' ? 'refuse' : 'release')) satisfies Judge, 'tool_use'],
    ['none refused', RELEASE, 'tool_use'],
  ])('ends the turn rightly with %s', async (_name, judge, reason) => {
    expect((await stream(turn, judge)).text).toContain(`"stop_reason":"${reason}"`);
  });

  it('passes what Anthropic executes itself, and judges any other tool use', async () => {
    const block = (index: number, type: string, more: object = {}) =>
      callStart(index, { type, ...more }) + input(index, '{"q":1}') + blockStop(index);
    const search = block(0, 'server_tool_use', { name: 'web_search' });
    const body = start + search + block(1, 'mcp_tool_use') + block(2, 'client_tool_use') + stop('tool_use');
    const seen = await stream(body, RELEASE);
    expect(seen.calls).toEqual([{ id: 'toolu_SECRET2', tool: 'Bash', input: { q: 1 } }]);
    expect(seen.text).toBe(body);
  });

  it('takes a call without any input for one without arguments, and arguments that come with the start', async () => {
    const body = start + callStart(0) + blockStop(0) + callStart(1, { input: { command: 'id' } }) + blockStop(1) + stop('tool_use');
    expect((await stream(body, RELEASE)).calls.map((c) => c.input)).toEqual([{}, { command: 'id' }]);
  });

  it.each([
    ['malformed arguments', 'malformed', call(0, '', '{"command": SECRET}')],
    ['arguments that name a thing twice', 'duplicate-key', call(0, '', '{"command":"ls","command":"SECRET"}')],
    ['arguments nested without end', 'malformed', call(0, '', `${'['.repeat(300)}"SECRET"${']'.repeat(300)}`)],
    ['no name', 'unknown-shape', callStart(0, { name: undefined }) + input(0, '{"a":"SECRET"}') + blockStop(0)],
    ['arguments given twice', 'unknown-shape', callStart(0, { input: { command: 'ls' } }) + input(0, '{"a":"SECRET"}') + blockStop(0)],
    [
      'a fragment of another kind',
      'unknown-shape',
      callStart(0) + event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'SECRET' } }) + blockStop(0),
    ],
    ['no end', 'truncated', callStart(0) + input(0, '{"command":"SECRET"}')],
  ])('calls a call with %s uninspected: %s', async (_name, why, body) => {
    const refused = await stream(start + body + stop('tool_use'), REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.calls[0]).not.toHaveProperty('input');
    expect(refused.text).not.toMatch(/SECRET|tool_use|partial_json/);
    expect(refused.text).toContain('"stop_reason":"end_turn"');
    expect((await stream(start + body + stop('tool_use'), RELEASE, { cuts: 'bytes' })).text).toBe(start + body + stop('tool_use'));
  });

  it.each([
    ['data that is not JSON', 'data: {"type":"content_block_start", SECRET\n\n', 'unknown-shape'],
    ['data that is no object', 'data: ["SECRET"]\n\n', 'unknown-shape'],
    ['a key twice', 'data: {"type":"ping","type":"content_block_start","x":"SECRET"}\n\n', 'duplicate-key'],
    ['a key twice, one escaped', 'data: {"type":"ping","\\u0074ype":"content_block_start","x":"SECRET"}\n\n', 'duplicate-key'],
    ['a key in other letters beside the right one', 'data: {"type":"ping","Type":"content_block_start","x":"SECRET"}\n\n', 'duplicate-key'],
    ['a name that is not its type', 'event: content_block_start\ndata: {"type":"ping","x":"SECRET"}\n\n', 'unknown-shape'],
    ['no type', 'data: {"content_block":{"type":"tool_use","name":"SECRET"}}\n\n', 'unknown-shape'],
    ['a field that clients may trim into data', ' data: {"type":"content_block_start","x":"SECRET"}\n\n', 'unknown-shape'],
    ['a byte order mark before its data', ': x\n\uFEFFdata: {"type":"content_block_start","x":"SECRET"}\n\n', 'unknown-shape'],
    [
      'a fragment of a call that has not begun',
      event({ type: 'content_block_delta', index: 7, delta: { type: 'input_json_delta', partial_json: 'SECRET' } }),
      'unknown-shape',
    ],
    [
      'a fragment of a call in a text',
      event({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }) +
        event({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: 'SECRET' } }),
      'unknown-shape',
    ],
    ['an end of what has not begun', event({ type: 'content_block_stop', index: 7, x: 'SECRET' }), 'unknown-shape'],
    ['a call at an index that clients who count would not give it', call(5, 'SECRET'), 'unknown-shape'],
    [
      'a message that begins with a call in it',
      event({ type: 'message_start', message: { content: [{ type: 'tool_use', name: 'SECRET' }] } }),
      'unknown-shape',
    ],
  ])('never passes an event with %s', async (_name, body, why) => {
    const all = start + text(0, 'Yes.') + body + stop('tool_use');
    const refused = await stream(all, REFUSE, { cuts: 'bytes' });
    expect(refused.calls[0]).toMatchObject({ tool: 'unknown', uninspected: why });
    expect(refused.text).not.toMatch(/SECRET|tool_use|partial_json/);
    expect(refused.text).toContain(text(0, 'Yes.'));
    expect(refused.text.match(/message_stop/g)).toHaveLength(2);
    expect((await stream(all, RELEASE, { cuts: 'bytes' })).text).toBe(all);
  });

  it('never passes bytes that are not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from(`${start}data: {"type":"ping","x":"`), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n\n')]);
    const refused = await receive(anthropicMessages, EVENTS, body, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: 'undecodable' }]);
  });

  it('drops what follows a call’s end at its index', async () => {
    const again = event({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: 'SECRET' } });
    const seen = await stream(start + call(0, 'ls') + again + blockStop(0) + stop('tool_use'), (c) =>
      c.uninspected ? 'refuse' : 'release',
    );
    expect(seen.calls).toMatchObject([{ input: { command: 'ls' } }, { uninspected: 'unknown-shape' }]);
    expect(seen.text).toContain(call(0, 'ls'));
    expect(seen.text.replace(call(0, 'ls'), '')).not.toContain('SECRET');
    expect(seen.text).toContain('"stop_reason":"tool_use"');
  });

  it('asks about a call that is too long before its end, and keeps no more of it', async () => {
    const body = start + call(0, `SECRET${'x'.repeat(5000)}`) + text(1, 'Done.') + stop('tool_use');
    const refused = await stream(body, REFUSE, { cuts: 'bytes', callBytes: 1024 });
    expect(refused.calls).toEqual([{ id: 'toolu_SECRET0', tool: 'Bash', uninspected: 'too-long' }]);
    expect(refused.text).not.toMatch(/SECRET|tool_use|partial_json/);
    expect(refused.text).toContain(text(1, 'Done.'));
    expect((await stream(body, RELEASE, { cuts: 'bytes', callBytes: 1024 })).text).toBe(body);
  });

  it('asks about an open call when what waits behind it grows too long', async () => {
    const pings = event({ type: 'ping' }).repeat(400);
    const body = start + callStart(0) + pings;
    const decoder = anthropicMessages.responseDecoder(EVENTS, { callBytes: 1024 })!;
    expect(decoder.push(Buffer.from(body)).filter((piece) => piece.kind === 'call')).toMatchObject([{ call: { uninspected: 'too-long' } }]);
  });

  it('passes errors, pings and comments at once', async () => {
    const decoder = anthropicMessages.responseDecoder(EVENTS, { callBytes: 1024 })!;
    const body = `${event({ type: 'ping' })}: comment\n\n${event({ type: 'error', error: { type: 'overloaded_error', message: 'x' } })}`;
    const [piece, ...others] = decoder.push(Buffer.from(body));
    expect(others).toEqual([]);
    expect(piece?.kind === 'pass' && Buffer.from(piece.bytes).toString()).toBe(body);
  });

  it('passes a text that broke off, wherever it did', async () => {
    const whole = Buffer.from(start + text(0, 'I was going to say 看'));
    for (let length = 0; length <= whole.length; length += 1) {
      const body = whole.subarray(0, length);
      const seen = await receive(anthropicMessages, EVENTS, body, REFUSE);
      expect([length, seen.calls]).toEqual([length, []]);
      expect(seen.text).toBe(body.toString());
    }
  });

  it('lets text pass before the call behind it is complete, and the call only with its verdict', () => {
    const decoder = anthropicMessages.responseDecoder(EVENTS, { callBytes: 1024 })!;
    const kinds = (body: string) => decoder.push(Buffer.from(body)).map((piece) => piece.kind);
    expect(kinds(start + text(0, 'First.'))).toEqual(['pass']);
    expect(kinds(callStart(1) + input(1, '{}'))).toEqual([]);
    expect(kinds(blockStop(1))).toEqual(['call', 'held']);
  });

  it('tells the record what the answer said', async () => {
    const { decoder } = await stream(turn, RELEASE);
    expect(decoder.summary()).toEqual({
      model: 'claude-sonnet-4-5',
      stopReason: 'tool_use',
      usage: { inputTokens: 12, outputTokens: 9 },
      text: 'I’ll look. 看And then:',
    });
  });
});

describe('an answer in one document', () => {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [
      { type: 'text', text: 'I’ll look.' },
      { type: 'tool_use', id: 'toolu_SECRET1', name: 'Bash', input: { command: 'rm SECRET' } },
      { type: 'tool_use', id: 'toolu_2', name: 'Read', input: { file_path: 'a' } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: 9 },
  };

  it('keeps its bytes, big numbers and white space when every call is released', async () => {
    const body = ` ${JSON.stringify(message, null, 2).replace('12', '12345678901234567890')}\n`;
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await whole(body, RELEASE, { cuts: at })).text).toBe(body);
      }),
    );
    expect((await whole(body, (c) => (c.tool === 'Read' ? 'refuse' : 'release'))).text).toContain('12345678901234567890');
  });

  it('has a text in a refused call’s place', async () => {
    const { text: seen, calls } = await whole(message, (c) => (c.tool === 'Bash' ? 'refuse' : 'release'));
    expect(calls.map((c) => c.tool)).toEqual(['Bash', 'Read']);
    expect(seen).not.toContain('SECRET');
    expect(JSON.parse(seen)).toEqual({
      ...message,
      content: [
        message.content[0],
        { type: 'text', text: expect.stringContaining('Holdpoint refused this Bash call') },
        message.content[2],
      ],
    });
  });

  it('ends the turn when no call is left', async () => {
    const seen = JSON.parse((await whole(message, REFUSE)).text);
    expect(seen.stop_reason).toBe('end_turn');
    expect(seen.content.map((block: { type: string }) => block.type)).toEqual(['text', 'text', 'text']);
  });

  it.each([
    ['malformed', `${JSON.stringify(message)}SECRET`],
    ['duplicate-key', JSON.stringify(message).replace('"command"', '"command":"ls","command"')],
    ['unknown-shape', JSON.stringify({ ...message, content: { type: 'tool_use', name: 'SECRET' } })],
    ['malformed', start],
  ])('is one uninspected call where it cannot be read (%s), and a message that says so where that is refused', async (why, body) => {
    const refused = await whole(body, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toContain('SECRET');
    expect(JSON.parse(refused.text)).toMatchObject({
      type: 'message',
      role: 'assistant',
      stop_reason: 'end_turn',
      content: [{ type: 'text' }],
    });
    expect((await whole(body, RELEASE)).text).toBe(body);
  });

  it('passes an error', async () => {
    const body = '{"type":"error","error":{"type":"overloaded_error","message":"x"}}';
    const seen = await whole(body, REFUSE);
    expect(seen.calls).toEqual([]);
    expect(seen.text).toBe(body);
  });

  it('calls a call with too long arguments uninspected', async () => {
    const body = { ...message, content: [{ type: 'tool_use', id: 't', name: 'Write', input: { content: 'SECRET'.repeat(400) } }] };
    const refused = await whole(body, REFUSE, { callBytes: 1024 });
    expect(refused.calls).toEqual([{ id: 't', tool: 'Write', uninspected: 'too-long' }]);
    expect(refused.text).not.toContain('SECRET');
  });

  it('waits behind a space', () => {
    const decoder = anthropicMessages.responseDecoder(JSON_TYPE, { callBytes: 1024 })!;
    expect(Buffer.from(decoder.keepalive()).toString()).toBe(' ');
  });
});

it('answers a refused request with 400 in Anthropic’s own shape', () => {
  const answer = anthropicMessages.refuseRequest({ policy: 'p', reason: 'The model is not allowed.', contact: 'it@example.com' });
  expect(answer.status).toBe(400);
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      message: 'Holdpoint refused this request; nothing was sent. The model is not allowed. (policy: p) To ask for it: it@example.com.',
    },
  });
});
