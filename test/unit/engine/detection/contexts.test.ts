/** Credentials that are no assignments, or are written in another way than they are; and what stands in such places and is none. */

import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../../main/engine/detection/secrets.ts';
import { checked, HEX, letters, privateKey } from './tokens.ts';

const value = `q${letters(17, undefined, 'a password')}7`;
const token = checked('ghp_');
const found = (text: string) => findSecrets(text).map(({ start, end }) => text.slice(start, end));
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a credential', () => {
  it.each([
    ['of a .netrc', `machine git.example.org login ada password ${value}`],
    ['of a .pgpass', `db.example.org:5432:billing:app:${value}\n`],
    ['as an option', `./sync --user etl --password ${value} --full`],
    ['for curl', `curl -u admin:${value} https://es.example.org/`],
    ['for mysql', `mysqldump -u root -p${value} --all-databases`],
    ['for sshpass', `sshpass -p '${value}' ssh root@10.0.0.4`],
    ['of net use', `net use Z: \\\\files\\share /user:ACME\\backup ${value}`],
    ['in XML', `<server><password>${value}</password></server>`],
    ['in an attribute', `<add key="ApiSecret" value="${value}" />`],
    ['in a property list', `<key>APIToken</key>\n<string>${value}</string>`],
    ['of a variable by name and value', `- name: DB_PASSWORD\n  value: ${value}`],
    ['as an argument', `define('DB_PASSWORD', '${value}');`],
    ['in SQL', `ALTER USER 'root'@'%' IDENTIFIED BY '${value}';`],
    ['of a typed constant', `const PASSWORD: &str = "${value}";`],
    ['of redis', `requirepass ${value}`],
    ['in a letter', `Hi Tom, the database password is ${value}. Best, Ines`],
    ['in a German letter', `Das Passwort für das VPN lautet: ${value}`],
    ['in a table', `| user | password |\n|---|---|\n| admin | ${value} |`],
    ['in a list of users', `user,password,role\nada,${value},admin\n`],
    ['that a command printed', `$ kubectl get secret initial-admin-secret -o json | base64 -d\n${value}\n`],
    ['of Terraform', `{"type":"random_password","instances":[{"attributes":{"result":"${value}"}}]}`],
  ])('%s', (_where, text) => {
    expect(found(text)).toEqual([value]);
  });

  it.each([
    ['base 64', base64(`user: ada\ntoken: ${token}\n`)],
    ['base 64 of URLs', Buffer.from(`{"key":"${token}","n":3}`).toString('base64url')],
    ['base 64 in lines', base64(`# a comment that makes it long\n# and another\ntoken: ${token}\n`).replace(/(.{64})/g, '$1\n')],
    ['hexadecimal digits', Buffer.from(token).toString('hex')],
    ['a key without its armour', privateKeyDer()],
    ['a key in base 64', base64(privateKey())],
  ])('in %s is covered as a whole', (_how, code) => {
    expect(found(`before ${code} after`)).toEqual([code]);
  });

  it('whose name is escaped is found where it stands', () => {
    const written = `%7B%22password%22%3A%22${value}%22%7D`;
    expect(found(`state=${written}&x=1`)).toEqual([value]);
    expect(found(`{\\u0022password\\u0022: \\u0022${value}\\u0022}`)).toEqual([value]);
    expect(found(`&lt;password&gt;${value}&lt;/password&gt;`)).toEqual([value]);
  });

  it('that was cut into strings is found with what is between them', () => {
    const [cut] = found(`const t = '${token.slice(0, 20)}' + '${token.slice(20)}';`);
    expect(cut?.replace(/' \+ '/, '')).toBe(token);
  });
});

describe('is left alone:', () => {
  it.each([
    ['a hash', `password_hash: ${letters(64, HEX)}`],
    ['what is encrypted', 'db_password: ENC[AES256_GCM,data:Zm9vYmFyMTIz,iv:abc9,tag:def3,type:str]'],
    ['a sealed secret', `encryptedData:\n  password: AgBy3i${letters(200)}`],
    ['a name of a secret', 'secretKeyRef: my-application-production-2-credentials'],
    ['a reference', 'API_KEY=op://Engineering/Stripe2024/credential'],
    ['base 64 of words', `echo ${base64('hello world, this is only a greeting for the test')} | base64 -d`],
    ['base 64 of an example', `data:\n  password: ${base64('changeme')}`],
    ['a path', 'POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password1'],
    ['a call', 'secret_key = generate_secret_key2(length=64)'],
    ['a letter without it', 'I have reset your password. You should get a link within 5 minutes2.'],
    ['help', '      --password string        database password (or set PGPASSWORD)'],
    ['names of tests', "it('rejects a token whose signature2 was made with another secret', async () => {"],
    ['a list of names', "const NAMES = ['password', 'accessToken2', 'clientSecretV3'];"],
    ['constants', 'FE_CAN_QPSK\t= 0x400,\nFE_CAN_QAM_16\t= 0x800,\n'],
    ['a badge', `https://codecov.example/branch/main/graph/badge.svg?token=${letters(10)}`],
    ['a user of docker', 'docker run -u 1000:1000 image'],
  ])('%s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });
});

/** PKCS #8 of Ed25519, all but its number. */
function privateKeyDer(): string {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return Buffer.concat([head, Buffer.from(letters(32))]).toString('base64');
}
