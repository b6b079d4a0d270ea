/** Tokens and addresses of chats, mail and telephony: who has one can speak in another's name. */

import { isExample } from '../shapes.ts';
import { B62, HEX, isDrawn, looksRandom, rule, type SecretRule, token, UPPER36, URL64, WORD } from './rule.ts';

/** How a number of 17 digits or more begins in base 64. */
const USER_NUMBERS = Array.from({ length: 90 }, (_, i) =>
  Buffer.from(`${i + 10}0`)
    .toString('base64')
    .slice(0, 3),
);

export const MESSAGE_RULES: readonly SecretRule[] = [
  rule(
    'slack-token',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxe-', 'xoxe.', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-'],
    /xox[abcdeprs][.-][\w.%-]{20,255}/y,
    { tail: WORD, check: (value) => /\d/.test(value) && isDrawn(value) },
  ),
  rule('slack-token', ['xapp-'], /xapp-\d-[A-Z0-9]{8,16}-\d{8,16}-[a-f0-9]{32,80}/y),
  rule(
    'slack-webhook',
    ['hooks.slack.com/'],
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/T\w{8,12}\/[AB]?\w{8,20}\/[\w/]{20,60}/y,
    {
      check: (value) => isDrawn(value.slice(-24)),
    },
  ),
  rule(
    'teams-webhook',
    ['.webhook.office.com/'],
    /\.webhook\.office\.com\/webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[\w/-]{20,120}/y,
  ),
  rule(
    'teams-webhook',
    ['.logic.azure.com'],
    /\.logic\.azure\.com(?::443)?\/workflows\/[0-9a-f]{32}\/[\w/?=&.%-]{20,200}sig=[\w%-]{20,90}/y,
  ),
  rule(
    'discord-webhook',
    ['discord.com/api/', 'discordapp.com/a'],
    /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/[\w-]{60,72}/y,
  ),
  rule('discord-token', USER_NUMBERS, /[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/y, {
    check: isDiscordToken,
  }),
  rule('discord-token', ['mfa.'], /mfa\.[\w-]{84}(?![\w-])/y),
  rule(
    'google-chat-webhook',
    ['chat.googleapis.com/v1/spaces/'],
    /chat\.googleapis\.com\/v1\/spaces\/[\w-]{6,20}\/messages\?key=[\w-]{30,45}&token=[\w%-]{30,60}/y,
  ),
  rule('zapier-webhook', ['hooks.zapier.com/'], /hooks\.zapier\.com\/hooks\/catch\/\d{4,12}\/[a-z0-9]{5,12}(?![a-z0-9])/y, {
    severity: 'medium',
  }),
  token('sendgrid-key', 'SG.', `${URL64}.`, 60, 70, { pattern: /SG\.[\w-]{16,32}\.[\w-]{38,48}(?![\w-])/y }),
  token('mailgun-key', 'key-', HEX, 32, 32, { check: looksRandom }),
  rule('mailchimp-key', ['-us1', '-us2', '-us3'], /[a-f0-9]{32}-us\d{1,2}(?![A-Za-z0-9-])/y, { lead: 32, check: looksRandom }),
  rule('brevo-key', ['xkeysib-', 'xsmtpsib-'], /x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}/y),
  rule('resend-key', ['re_'], /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,28}(?!\w)/y, { check: (value) => looksRandom(value.slice(3)) }),
  token('mailersend-key', 'mlsn.', HEX, 64),
  token('loops-key', 'loops_', B62, 30, 50),
  rule('telegram-token', [':AA'], /\d{8}:AA[\w-]{33}(?![\w-])/y, { lead: 8, check: (value) => looksRandom(value.slice(9)) }),
  token('twilio-key', 'SK', HEX, 32, 32, { check: looksRandom, prefixes: [...'0123456789abcdef'].map((digit) => `SK${digit}`) }),
  token('facebook-token', 'EAA', B62, 80, 255, { tail: WORD, check: looksRandom }),
  token('instagram-token', 'IGQV', URL64, 80, 255, { tail: WORD, check: looksRandom }),
  token('twitter-token', 'AAAAAAAAAAAAAAAAAAAAA', `${B62}%`, 60, 120),
  rule('line-token', ['/1O/w1cDnyilFU='], /[A-Za-z0-9+/]{150,160}\/1O\/w1cDnyilFU=/y, { lead: 155 }),
  rule('webex-token', ['_PF84_'], /[\w-]{64}_PF84_[0-9a-f-]{36}/y, { lead: 64 }),
  token('courier-key', 'pk_prod_', UPPER36, 28),
];

/** The first part is the number of a user, in base 64. */
function isDiscordToken(value: string): boolean {
  const [user = ''] = value.split('.');
  return /^\d{17,20}$/.test(Buffer.from(user, 'base64').toString('latin1')) && !isExample(value);
}
