/** Errors on the control socket: a HoldpointError's code and sentence cross it, nothing else does. */

import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import { type ErrorCode, HoldpointError } from '../../contract/errors.ts';

/** JSON-RPC 2.0, section 5.1: -32000 to -32099 are for the server's own errors. */
const OURS = -32000;

const CODES = {
  'config-invalid': true,
  'policy-invalid': true,
  'data-dir-unusable': true,
  'data-dir-busy': true,
  'port-busy': true,
  'ca-invalid': true,
  'upstream-unreachable': true,
  'upstream-refused': true,
  'control-unreachable': true,
  'control-refused': true,
  'control-denied': true,
  'control-busy': true,
  'not-permitted': true,
  'audit-unwritable': true,
  'export-failed': true,
  'settings-unusable': true,
  'bundle-invalid': true,
  'not-found': true,
  internal: true,
} satisfies Record<ErrorCode, true>;

const dataSchema = z.looseObject({ code: z.string().refine((code): code is ErrorCode => Object.hasOwn(CODES, code)) });

/** What a client is told. A fault of ours is not described to it: its text may hold anything. */
export function toWire(thrown: unknown): ResponseError<{ code: ErrorCode }> {
  if (thrown instanceof HoldpointError) return new ResponseError(OURS, thrown.message, { code: thrown.code });
  return new ResponseError(OURS, 'The engine failed to answer; its log says more.', { code: 'internal' });
}

export function fromWire(thrown: unknown): HoldpointError {
  if (thrown instanceof HoldpointError) return thrown;
  if (thrown instanceof ResponseError && thrown.code === OURS) {
    const data = dataSchema.safeParse(thrown.data);
    return new HoldpointError(data.success ? (data.data.code as ErrorCode) : 'internal', thrown.message, thrown);
  }
  if (thrown instanceof ResponseError && thrown.code === ErrorCodes.MethodNotFound)
    return new HoldpointError('control-refused', 'The engine does not know this request. It is of another version: restart it.', thrown);
  if (thrown instanceof ResponseError && thrown.code === ErrorCodes.InvalidParams)
    return new HoldpointError('control-refused', `The engine did not accept the request: ${thrown.message}.`, thrown);
  return new HoldpointError('control-unreachable', 'The engine closed the connection before it answered. See holdpoint status.', thrown);
}
