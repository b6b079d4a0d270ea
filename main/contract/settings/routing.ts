/** Settings that change where requests go and what they carry: tenants and routes. */

import { z } from 'zod';

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'expected a UUID');
const domain = z.string().regex(/^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/i, 'expected a domain such as example.com');
const list = <T extends z.ZodType>(of: T, most = 500) => z.array(of).min(1).max(most);

/** The company's own accounts, by the headers that providers document for this. A provider that is not named is not restricted. */
export const tenantsSchema = z.strictObject({
  anthropic: z
    .strictObject({ organizations: list(uuid) })
    .optional()
    .describe('Anthropic organisations. https://support.claude.com/en/articles/13198485'),
  chatgpt: z
    .strictObject({ workspaces: list(uuid) })
    .optional()
    .describe('ChatGPT workspaces. https://help.openai.com/en/articles/9261474'),
  openai: z
    .strictObject({ organizations: list(z.string().regex(/^org-[A-Za-z0-9]{1,64}$/, 'expected an id such as org-abc123')) })
    .optional()
    .describe('Organisations of the OpenAI API. https://platform.openai.com/docs'),
  google: z
    .strictObject({ domains: list(z.union([domain, z.enum(['visitor_accounts', 'consumer_accounts'])])) })
    .optional()
    .describe('Google Workspace domains that may sign in. https://support.google.com/a/answer/1668854'),
  geminiCodeAssist: z
    .strictObject({ domains: list(domain) })
    .optional()
    .describe('Domains that may use Gemini Code Assist. https://cloud.google.com/gemini/docs/codeassist'),
  microsoft: z
    .strictObject({
      tenants: list(
        z
          .string()
          .max(253)
          .regex(/^[a-z0-9.-]+$/i, 'expected a tenant’s domain or id'),
      ),
      context: uuid,
    })
    .optional()
    .describe(
      'Entra tenants that may be signed in to, and the id of the one that sets this. https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions',
    ),
  github: z
    .strictObject({ enterprise: z.string().regex(/^[a-z0-9-]{1,64}$/i, 'expected an enterprise id') })
    .optional()
    .describe('GitHub enterprise, for GitHub and Copilot. https://docs.github.com/enterprise-cloud@latest/admin'),
});

const way = z.strictObject({
  url: z
    .string()
    .max(2000)
    .regex(
      /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?)(\/[^\s?#]*)?$/i,
      'expected https://HOST/PATH; http:// only for this machine itself',
    )
    .describe('Base URL; the request’s own path is put behind its path.'),
  credential: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected lower-case letters, digits and "-"')
    .optional()
    .describe(
      'Name of a secret that "holdpoint routes set-credential NAME" has put into the keystore. Without it the agent’s own is sent.',
    ),
  credentialHeader: z
    .enum(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'x-portkey-api-key', 'x-litellm-api-key'])
    .default('authorization')
    .describe('The header that carries it; authorization as a bearer token. The agent’s own credentials are then taken out.'),
  headers: z
    .record(
      z
        .string()
        .regex(
          /^(?!(connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$)[a-z0-9-]{1,100}$/i,
          'expected a header’s name, of none that frames a request',
        ),
      z
        .string()
        .max(4000)
        .regex(/^[\t\x20-\x7e]*$/, 'expected one line of plain characters'),
    )
    .default({})
    .describe('Further headers, such as x-portkey-config.'),
});

/** Where a provider's model calls go instead, and what is tried when that fails. */
export const routeSchema = z.strictObject({
  provider: z.string().min(1).max(80).describe('Whose model calls: a provider’s name as the log has it, such as Anthropic.'),
  ways: z
    .array(way)
    .max(5)
    .min(1)
    .describe('Tried in this order: the next one after 429, 5xx or a time-out, as long as nothing of an answer was passed on.'),
  thenDirect: z.boolean().default(false).describe('Whether the provider itself is the last that is tried.'),
  timeoutSeconds: z.number().min(0.05).max(600).default(60).describe('How long one of several may take until its answer’s head.'),
});
