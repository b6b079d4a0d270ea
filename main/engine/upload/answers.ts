/** What the collector's answer means for the records that it was sent (OTLP 1.5, "OTLP/HTTP Response"). */

import { messageOf } from '../../contract/errors.ts';
import { type PartialSuccess, readAnswer } from './encode.ts';
import type { Posted } from './post.ts';

export type Outcome =
  | ({ readonly kind: 'accepted' } & PartialSuccess)
  /** It might take a part of them. */
  | { readonly kind: 'split'; readonly reason: 'unacceptable' | 'too-large'; readonly problem: string; readonly message: string }
  /** They are to be sent again. `slow`: what is set has to be corrected first, which people do. */
  | { readonly kind: 'again'; readonly slow: boolean; readonly retryAfter?: string | undefined; readonly problem: string };

export interface Judge {
  answered(posted: Posted): Promise<Outcome>;
  failed(thrown: unknown): Outcome;
}

const STAYS = 'Nothing is lost: the records wait in the log.';

/** `secrets` are taken out of what the collector says: it may repeat what it was sent. */
export function createJudge({ url, secrets }: { readonly url: string; readonly secrets: readonly string[] }): Judge {
  const { host, pathname } = new URL(url);
  const at = `The collector at ${host}`;

  return { answered, failed };

  async function answered({ status, contentType, retryAfter, body }: Posted): Promise<Outcome> {
    if (status >= 200 && status < 300) {
      const said = await readAnswer(contentType, body);
      if (said) return { kind: 'accepted', rejected: said.rejected, message: shown(said.message) };
      return later(
        `What answers at ${host}${pathname} is no OTLP collector: its answer is of type "${shown(contentType) || 'none'}". Check audit.upload.url, and whether the network wants a sign-in. ${STAYS}`,
        true,
      );
    }
    if (status === 413) return split('too-large', `${at} takes no request as large as this (413). Permit requests of 4 MB there.`, body);
    if (status === 400 || status === 422) {
      return split(
        'unacceptable',
        `${at} takes none of the records (${status}). Look into its log, and check audit.upload.encoding.`,
        body,
      );
    }
    if (status === 429) return later(`${at} asks for fewer requests (429). It is asked again later. ${STAYS}`, false, retryAfter);
    if (status >= 500 || status === 408) {
      return later(
        `${at} cannot take records now (${status}). It is asked again by itself; ask whoever runs it. ${STAYS}`,
        false,
        retryAfter,
      );
    }
    return later(`${at} ${REFUSALS[status] ?? refusal(status)} ${STAYS}`, true);
  }

  function failed(thrown: unknown): Outcome {
    const code = codeOf(thrown);
    if (/^(ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_HTTP_INVALID_HEADER_VALUE)$/.test(code)) {
      return later(
        `A header in audit.upload.headers cannot be sent: it has characters that HTTP does not know. Correct it. ${STAYS}`,
        true,
      );
    }
    if (UNTRUSTED.test(code)) {
      return later(
        `The certificate of the collector at ${host} is not trusted (${code}). Check audit.upload.url, or name the authority's file in upstream.extraCaFile. ${STAYS}`,
        true,
      );
    }
    return later(
      `${at} could not be reached (${shown(messageOf(thrown))}). It is tried again by itself; check the network and audit.upload.url. ${STAYS}`,
      false,
    );
  }

  function split(reason: 'unacceptable' | 'too-large', problem: string, body: Buffer): Outcome {
    return { kind: 'split', reason, problem: `${problem} ${STAYS}`, message: shown(body.toString('utf8')) };
  }

  /** Foreign words: short, on one line, and without what we have sent along. */
  function shown(text: string): string {
    const line = secrets
      .reduce((said, secret) => said.replaceAll(secret, '[…]'), text.slice(0, 20_000))
      .replace(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, ' ');
    return line.trim().slice(0, 200).toWellFormed();
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'does not accept the key (401). Correct audit.upload.headers.',
  403: 'does not permit this device to upload (403). Check audit.upload.headers, and what the key may do there.',
  404: 'knows no such address (404). Check the path in audit.upload.url; it usually ends in /v1/logs.',
  405: 'takes no logs at this address (405). Check the path in audit.upload.url; it usually ends in /v1/logs.',
  415: 'does not know this encoding (415). Try the other one in audit.upload.encoding.',
};

function refusal(status: number): string {
  if (status >= 300 && status < 400)
    return `sends elsewhere (${status}), which is not followed, since the headers may hold a key. Set audit.upload.url to the address where it is now.`;
  return `refuses the records (${status}). Look into its log, and check audit.upload.`;
}

function later(problem: string, slow: boolean, retryAfter?: string): Outcome {
  return { kind: 'again', slow, problem, retryAfter };
}

const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_|CERT_|ERR_TLS_CERT)/;

function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
