/** The objects of OCSF that a record's events are made of. */

import type { AuditRecord, Json } from '../../../contract/record.ts';
import { integerIn, type Loose, objectIn, textIn } from './values.ts';

/** The device that the log is of. */
export interface OcsfDevice {
  readonly hostname: string;
  /** Fingerprint of its key, hex. */
  readonly key: string;
}

export function deviceOf({ hostname, key }: OcsfDevice): Loose {
  // 0 is Unknown: whether it has a battery is not our business.
  return { type_id: 0, type: 'Unknown', hostname, uid: key };
}

/** Who did it: the program, its user, and where no program is known, Holdpoint itself. */
export function actorOf({ agent, data }: AuditRecord, version: string): Loose {
  const process = processOf(data.process);
  const application = agent === null ? { name: 'Holdpoint', version } : { name: agent, version: textIn(data.agentVersion) };
  const user = textIn(data.user) ?? textIn(objectIn(data.process).user);
  return { application, process, user: user === undefined ? undefined : { name: user } };
}

function processOf(value: Json | undefined): Loose {
  const { pid, executable, commandLine, user, cwd, parents } = objectIn(value);
  const path = textIn(executable);
  if (path === undefined) return undefined;
  const parent = objectIn(Array.isArray(parents) ? (parents as readonly Json[])[0] : undefined);
  const words = Array.isArray(commandLine) ? (commandLine as readonly Json[]).filter((word) => typeof word === 'string') : [];
  return {
    pid: integerIn(pid),
    name: nameIn(path),
    file: { name: nameIn(path), path, type_id: 1, type: 'Regular File' },
    cmd_line: words.length > 0 ? words.join(' ') : undefined,
    working_directory: textIn(cwd),
    user: textIn(user) === undefined ? undefined : { name: textIn(user) },
    parent_process: textIn(parent.name) === undefined ? undefined : { pid: integerIn(parent.pid), name: textIn(parent.name) },
  };
}

/** The file's name: the path may be another system's than ours. */
function nameIn(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}

/** The model is the agent's, or the exchange's own where nobody is known to stand behind it. */
export function agentOf({ agent, session, data }: AuditRecord): Loose {
  if (agent === null) return undefined;
  return {
    uid: agent,
    name: agent,
    version: textIn(data.agentVersion),
    instance_uid: session,
    type_id: 0,
    type: 'Unknown',
    ai_model: modelOf(data),
  };
}

/** Both of its members are required. */
export function modelOf(data: AuditRecord['data']): Loose {
  const name = textIn(data.responseModel) ?? textIn(data.model);
  const provider = textIn(data.provider);
  return name === undefined || provider === undefined ? undefined : { name, ai_provider: provider };
}

export function messageContextOf({ kind, agent, session, host, data }: AuditRecord): Loose {
  const service = textIn(data.provider) ?? textIn(objectIn(data.server).name) ?? host ?? undefined;
  // One of the two is required.
  if (agent === null && service === undefined) return undefined;
  const [input, output] = [integerIn(data.inputTokens), integerIn(data.outputTokens)];
  return {
    ...(kind === 'exchange' ? { ai_role_id: 2, ai_role: 'Assistant' } : { ai_role_id: 3, ai_role: 'Tool' }),
    uid: session,
    application: agent === null ? undefined : { name: agent },
    service: service === undefined ? undefined : { name: service },
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input !== undefined && output !== undefined ? input + output : undefined,
  };
}

export function apiOf(record: AuditRecord): Loose {
  const { kind, exchange, data } = record;
  const tool = textIn(data.tool);
  const methods = Array.isArray(data.methods) ? (data.methods as readonly Json[]).filter((name) => typeof name === 'string') : [];
  const operation =
    tool ?? (methods.length > 0 ? methods.join(', ') : undefined) ?? textIn(data.action) ?? (kind === 'exchange' ? 'chat' : kind);
  const service = textIn(objectIn(data.server).name) ?? textIn(data.provider);
  const status = integerIn(data.status);
  return {
    operation,
    service: service === undefined ? undefined : { name: service },
    request: { uid: textIn(data.callId) ?? record.action ?? exchange ?? record.id },
    response: status === undefined || status === 0 ? undefined : { code: status },
  };
}

export function destinationOf({ host, data }: AuditRecord): Loose {
  const name = host ?? textIn(data.to);
  return name === undefined ? undefined : { hostname: name, port: integerIn(data.port) };
}

export function requestOf({ host, data }: AuditRecord): Loose {
  const method = textIn(data.method);
  if (method === undefined || host === null || !/^[A-Z]+$/.test(method)) return undefined;
  return { http_method: method, url: { hostname: host, path: textIn(data.path), scheme: 'https' } };
}

export function responseOf({ data }: AuditRecord): Loose {
  const status = integerIn(data.status);
  return status === undefined || status < 100 ? undefined : { code: status };
}

/** What policy decided by. */
export function policyOf({ data }: AuditRecord): Loose {
  const [first] = Array.isArray(data.policies) ? (data.policies as readonly Json[]) : [data.policy ?? null];
  return textIn(first) === undefined ? undefined : { name: textIn(first), uid: textIn(first), desc: textIn(data.reason) };
}
