/** Every kind of credential that a corpus can name: its alphabet, length and checksum, from what its provider publishes. */

import { createHmac } from 'node:crypto';
import { BASE62, BASE64URL, type Chance, crcBase62, DIGITS, HEX, LOWER, LOWER36, UPPER, wrongCrcBase62 } from './chance.ts';
import { longCode, longLog, longProse } from './fillers.ts';
import { ageKey, ecPem, opensshPem, pgpBlock, pkcs8Pem, publicPem, rsaPem } from './keys.ts';

type Maker = (chance: Chance) => string;

const ANY = (prefix: string, alphabet: string, length: number, suffix = ''): Maker => {
  return (chance) => prefix + chance.chars(alphabet, length) + suffix;
};
const BASE64 = `${UPPER + LOWER + DIGITS}+/`;
const BASE32 = `${UPPER}234567`;

const summed = (prefix: string): Maker => {
  return (chance) => {
    const body = chance.chars(BASE62, 30);
    return prefix + body + crcBase62(body);
  };
};
const missummed = (prefix: string): Maker => {
  return (chance) => {
    const body = chance.chars(BASE62, 30);
    return prefix + body + wrongCrcBase62(body);
  };
};
const parts = (...makers: readonly Maker[]): Maker => {
  return (chance) => makers.map((make) => make(chance)).join('');
};

/** Words that people put into passwords, for those that no generator made. */
const WORDS = ['Falken', 'orbit', 'Mango', 'tundra', 'Kepler', 'violin', 'Harbor', 'cobalt', 'Pepper', 'lantern'];

export const KINDS: Readonly<Record<string, Maker>> = {
  // Code hosting and packages
  'github-token': summed('ghp_'),
  'github-oauth': summed('gho_'),
  'github-server': summed('ghs_'),
  'github-refresh': summed('ghr_'),
  'github-token-wrong-sum': missummed('ghp_'),
  'github-fine-grained': parts(ANY('github_pat_11', UPPER + DIGITS, 20), ANY('_', BASE62, 59)),
  'gitlab-token': ANY('glpat-', BASE64URL, 20),
  'gitlab-runner': ANY('glrt-', BASE64URL, 20),
  'gitlab-trigger': ANY('glptt-', HEX, 40),
  'gitlab-deploy': ANY('gldt-', BASE64URL, 20),
  'bitbucket-app-password': ANY('ATBB', BASE62, 32),
  'atlassian-token': parts(ANY('ATATT3xFfGF0', BASE64URL, 171), ANY('=', HEX.toUpperCase(), 8)),
  'npm-token': summed('npm_'),
  'npm-token-wrong-sum': missummed('npm_'),
  'pypi-token': ANY('pypi-AgEIcHlwaS5vcmc', BASE64URL, 150),
  'rubygems-token': ANY('rubygems_', HEX, 48),
  'crates-token': ANY('cio', BASE62, 32),
  'nuget-key': ANY('oy2', LOWER36, 43),
  'docker-token': ANY('dckr_pat_', BASE64URL, 27),
  'artifactory-key': ANY('AKCp', BASE62, 69),
  // Clouds
  'aws-access-key': ANY('AKIA', BASE32, 16),
  'aws-session-key': ANY('ASIA', BASE32, 16),
  'aws-secret-key': ANY('', BASE64, 40),
  'aws-session-token': ANY('IQoJb3JpZ2luX2Vj', BASE64, 360, '=='),
  'gcp-api-key': ANY('AIzaSy', BASE64URL, 33),
  'gcp-oauth-secret': ANY('GOCSPX-', BASE64URL, 28),
  'google-access-token': ANY('ya29.a0', BASE64URL, 160),
  'azure-storage-key': (chance) => chance.bytes(64).toString('base64'),
  /** Of Azure's storage emulator: published, the same for everybody. In two parts so that no scanner of repositories stops at it. */
  'azure-emulator-key': () => ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6', 'tq/K1SZFPTOtr/KBHBeksoGMGw=='].join(''),
  'azure-sas-signature': (chance) => encodeURIComponent(chance.bytes(32).toString('base64')),
  'azure-ad-secret': parts(ANY('', BASE62, 3), ANY('8Q~', `${BASE62}._-`, 34)),
  'azure-devops-token': parts(ANY('', BASE62, 76), ANY('AZDO', BASE62, 4)),
  'digitalocean-token': ANY('dop_v1_', HEX, 64),
  'heroku-key': ANY('HRKU-AA', BASE64URL, 58),
  'alibaba-key': ANY('LTAI5t', BASE62, 18),
  'fly-token': ANY('fm2_', BASE64, 180),
  'netlify-token': ANY('nfp_', BASE62, 36),
  'supabase-token': ANY('sbp_', HEX, 40),
  'planetscale-token': ANY('pscale_tkn_', BASE64URL, 43),
  'cloudflare-token': ANY('', BASE64URL, 40),
  // Infrastructure
  'vault-token': ANY('hvs.', BASE64URL, 92),
  'vault-batch': ANY('hvb.', BASE64URL, 150),
  'vault-legacy': ANY('s.', BASE62, 24),
  'terraform-token': parts(ANY('', BASE62, 14), ANY('.atlasv1.', BASE64URL, 67)),
  'pulumi-token': ANY('pul-', HEX, 40),
  'doppler-token': ANY('dp.pt.', BASE62, 43),
  'databricks-token': ANY('dapi', HEX, 32),
  'tailscale-key': parts(ANY('tskey-auth-k', BASE62, 11), ANY('CNTRL-', BASE62, 33)),
  'grafana-token': parts(ANY('glsa_', BASE62, 32), ANY('_', HEX, 8)),
  'newrelic-key': ANY('NRAK-', UPPER + DIGITS, 27),
  'sentry-token': parts(ANY('sntrys_eyJ', BASE64URL, 120), ANY('_', BASE64URL, 43)),
  'dynatrace-token': parts(ANY('dt0c01.', UPPER + DIGITS, 24), ANY('.', UPPER + DIGITS, 64)),
  'onepassword-token': ANY('ops_eyJ', BASE64URL, 320),
  'launchdarkly-key': (chance) => `sdk-${uuid(chance)}`,
  'datadog-key': ANY('', HEX, 32),
  // Models
  'openai-key': parts(ANY('sk-proj-', BASE64URL, 74), ANY('T3BlbkFJ', BASE64URL, 74)),
  'openai-service': parts(ANY('sk-svcacct-', BASE64URL, 74), ANY('T3BlbkFJ', BASE64URL, 74)),
  'openai-legacy': parts(ANY('sk-', BASE62, 20), ANY('T3BlbkFJ', BASE62, 20)),
  'anthropic-key': ANY('sk-ant-api03-', BASE64URL, 93, 'AA'),
  'anthropic-oauth': ANY('sk-ant-oat01-', BASE64URL, 93, 'AA'),
  'anthropic-admin': ANY('sk-ant-admin01-', BASE64URL, 93, 'AA'),
  'huggingface-token': ANY('hf_', UPPER + LOWER, 34),
  'groq-key': parts(ANY('gsk_', BASE62, 20), ANY('WGdyb3FY', BASE62, 24)),
  'xai-key': ANY('xai-', BASE62, 80),
  'openrouter-key': ANY('sk-or-v1-', HEX, 64),
  'perplexity-key': ANY('pplx-', BASE62, 48),
  'replicate-token': ANY('r8_', BASE62, 37),
  'langsmith-key': parts(ANY('lsv2_pt_', HEX, 32), ANY('_', HEX, 10)),
  'nvidia-key': ANY('nvapi-', BASE64URL, 64),
  'pinecone-key': parts(ANY('pcsk_', BASE62, 6), ANY('_', BASE62, 63)),
  'deepseek-key': ANY('sk-', HEX, 32),
  // Messages and mail
  'slack-bot': parts(ANY('xoxb-', '123456789', 12), ANY('-', '123456789', 13), ANY('-', BASE62, 24)),
  'slack-user': parts(ANY('xoxp-', '123456789', 12), ANY('-', '123456789', 12), ANY('-', '123456789', 13), ANY('-', HEX, 32)),
  'slack-app': parts(ANY('xapp-1-A0', UPPER + DIGITS, 9), ANY('-', '123456789', 13), ANY('-', HEX, 64)),
  'slack-webhook': parts(
    ANY('https://hooks.slack.com/services/T0', UPPER + DIGITS, 9),
    ANY('/B0', UPPER + DIGITS, 9),
    ANY('/', BASE62, 24),
  ),
  'twilio-sid': ANY('AC', HEX, 32),
  'twilio-key': ANY('SK', HEX, 32),
  'twilio-secret': ANY('', HEX, 32),
  'sendgrid-key': parts(ANY('SG.', BASE64URL, 22), ANY('.', BASE64URL, 43)),
  'mailgun-key': ANY('key-', HEX, 32),
  'mailchimp-key': ANY('', HEX, 32, '-us14'),
  'brevo-key': parts(ANY('xkeysib-', HEX, 64), ANY('-', BASE62, 16)),
  'resend-key': parts(ANY('re_', BASE62, 8), ANY('_', BASE62, 24)),
  'telegram-token': parts(ANY('7', DIGITS, 9), ANY(':AA', BASE64URL, 33)),
  'discord-token': (chance) => {
    const user = Buffer.from(`1${chance.chars(DIGITS, 18)}`)
      .toString('base64')
      .replaceAll('=', '');
    return `${user}.G${chance.chars(BASE62, 5)}.${chance.chars(BASE64URL, 38)}`;
  },
  'discord-webhook': parts(ANY('https://discord.com/api/webhooks/11', DIGITS, 17), ANY('/', BASE64URL, 68)),
  'teams-webhook': (chance) =>
    `https://contoso.webhook.office.com/webhookb2/${uuid(chance)}@${uuid(chance)}/IncomingWebhook/${chance.chars(HEX, 32)}/${uuid(chance)}`,
  // Money and shops
  'stripe-key': ANY('sk_live_51', BASE62, 97),
  'stripe-short': ANY('sk_live_', BASE62, 24),
  'stripe-restricted': ANY('rk_live_51', BASE62, 97),
  'stripe-publishable': ANY('pk_live_51', BASE62, 97),
  'stripe-webhook': ANY('whsec_', BASE62, 32),
  'square-token': ANY('EAAA', BASE64URL, 60),
  'square-secret': ANY('sq0csp-', BASE64URL, 43),
  'shopify-token': ANY('shpat_', HEX, 32),
  'shopify-secret': ANY('shpss_', HEX, 32),
  // Tools
  'linear-key': ANY('lin_api_', BASE62, 40),
  'notion-token': parts(ANY('ntn_', DIGITS, 11), ANY('', BASE62, 35)),
  'figma-token': ANY('figd_', BASE64URL, 40),
  'postman-key': parts(ANY('PMAK-', HEX, 24), ANY('-', HEX, 34)),
  'airtable-token': parts(ANY('pat', BASE62, 14), ANY('.', HEX, 64)),
  'contentful-token': ANY('CFPAT-', BASE64URL, 43),
  'mapbox-secret': parts(ANY('sk.eyJ1Ijoi', BASE62, 70), ANY('.', BASE64URL, 22)),
  'mapbox-public': parts(ANY('pk.eyJ1Ijoi', BASE62, 70), ANY('.', BASE64URL, 22)),
  // Keys and general things
  'rsa-key': rsaPem,
  'ec-key': ecPem,
  'pkcs8-key': pkcs8Pem,
  'openssh-key': opensshPem,
  'pgp-key': pgpBlock,
  'age-key': ageKey,
  certificate: (chance) => publicPem(chance, 'CERTIFICATE'),
  'public-key': (chance) => publicPem(chance, 'PUBLIC KEY'),
  'certificate-request': (chance) => publicPem(chance, 'CERTIFICATE REQUEST'),
  'jwt-token': (chance) => {
    const now = 1_790_000_000 + chance.between(0, 9_000_000);
    const body = [
      { alg: 'HS256', typ: 'JWT' },
      { sub: uuid(chance), iat: now, exp: now + 86_400, scope: 'orders:read orders:write' },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return `${body.join('.')}.${createHmac('sha256', chance.bytes(32)).update(body.join('.')).digest('base64url')}`;
  },
  password: (chance) => chance.chars(BASE62, 3) + chance.pick(['!', '#', '%', '*', '?']) + chance.chars(`${BASE62}_!*`, 14),
  'plain-password': (chance) => chance.chars(BASE62, 18),
  'human-password': (chance) => `${chance.pick(WORDS)}-${chance.pick(WORDS)}-${chance.between(11, 99)}!`,
  'hex-secret': ANY('', HEX, 64),
  'hex-short': ANY('', HEX, 32),
  'base62-secret': ANY('', BASE62, 40),
  'base64-secret': (chance) => chance.bytes(32).toString('base64'),
  'base64-long': (chance) => chance.bytes(96).toString('base64'),
  'totp-seed': ANY('', BASE32, 32),
  uuid: (chance) => uuid(chance),
  // Numbers that stand in texts and mean nothing to anybody else
  sha1: ANY('', HEX, 40),
  sha256: ANY('', HEX, 64),
  sha512: (chance) => chance.bytes(64).toString('base64'),
  md5: ANY('', HEX, 32),
  'long-prose': longProse,
  'long-log': longLog,
  'long-code': longCode,
  noise: (chance) => chance.bytes(300).toString('base64'),
};

function uuid(chance: Chance): string {
  const hex = chance.chars(HEX, 30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}
