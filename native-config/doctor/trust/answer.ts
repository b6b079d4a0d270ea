/** What a runtime's attempt at the probe tells: trusted and led through the guard, or which of both is missing. */

import { PROBE_HOST, probeAnswerSchema } from '../../../main/contract/probe.ts';
import { type Asked, complaintOf } from '../ask-program.ts';

export type Answer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'absent' }
  /** It went elsewhere: the probe's name is known by the guard alone. */
  | { readonly kind: 'direct' }
  /** It went to a proxy that isn't there. */
  | { readonly kind: 'no-proxy-there' }
  | { readonly kind: 'untrusting' }
  /** A guard answered, and not the one that was asked about. */
  | { readonly kind: 'another' }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly says: string };

const UNTRUSTING =
  /certificate|cert_|CERTIFICATE_VERIFY|unable to (get|verify)|self[- ]signed|unknown ca|x509|PKIX|SSLHandshake|ERR_CERT|SSL_ERROR|server verification failed/i;
const NO_NAME =
  /could not resolve host|couldn't resolve host|unable to resolve|ENOTFOUND|EAI_AGAIN|name or service not known|temporary failure in name|nodename nor servname|name resolution|UnknownHost|ERR_NAME_NOT_RESOLVED|getaddrinfo failed|No address associated/i;
const NO_PROXY_THERE =
  /ECONNREFUSED|connection refused|refused by|failed to connect|could not connect|couldn't connect|ProxyError|cannot connect to proxy|could not resolve proxy|ERR_PROXY|ConnectException|NewConnectionError|503|tunnel/i;

/** `nonce`: of the engine that is asked about. */
export function answerOf(asked: Asked, nonce: string): Answer {
  if (asked.stopped === 'absent') return { kind: 'absent' };
  const told = toldIn(asked.out);
  if (told !== undefined) return told === nonce ? { kind: 'ok' } : { kind: 'another' };
  if (asked.stopped === 'late') return { kind: 'late' };
  return failureOf(asked);
}

/** Of output that says why there was no answer. */
function failureOf(asked: Pick<Asked, 'out' | 'err'>): Answer {
  const says = `${asked.err}\n${asked.out}`;
  // The name of the proxy itself may be unknown: that is told first.
  if (/resolve proxy/i.test(says)) return { kind: 'no-proxy-there' };
  if (NO_NAME.test(says)) return { kind: 'direct' };
  if (UNTRUSTING.test(says)) return { kind: 'untrusting' };
  if (NO_PROXY_THERE.test(says)) return { kind: 'no-proxy-there' };
  return { kind: 'failed', says: complaintOf(asked) || `It said nothing of ${PROBE_HOST}.` };
}

/** The nonce of a probe's answer, wherever in the output it stands. */
function toldIn(out: string): string | undefined {
  for (const [text] of out.matchAll(/\{"holdpoint":"probe","nonce":"[0-9a-f]{32}"\}/g)) {
    const parsed = probeAnswerSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data.nonce;
  }
  return undefined;
}
