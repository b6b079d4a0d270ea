/** Containers, clusters, clouds and databases: programs whose effects are elsewhere and often for good. */

import { type Program, rows, type Said, type When } from './program.ts';

const gone = (says: string): readonly Said[] => [{ effect: 'destructive', risk: 'risk', says }];
const RUNS: readonly Said[] = [{ effect: 'runs-code', says: 'runs {command}' }];
const CHANGES: readonly Said[] = [{ effect: 'network', risk: 'watch', says: 'changes something elsewhere ({command})' }];
const ASKS: readonly Said[] = [{ effect: 'network', says: 'asks {name}’s service ({command})' }];
const HOST: readonly When[] = [
  {
    word: /^(--privileged|--pid=host|--net(work)?=host|--cap-add(=.*)?|(-v|--volume=|--mount=)?\/:.*|.*docker\.sock.*)$/,
    effects: [{ effect: 'privilege', risk: 'risk', says: 'gives a container this machine itself ({command})' }],
  },
];
const CONTAINER: Readonly<Record<string, Program>> = {
  ...rows('ps logs images inspect stats top port version info diff history events search context --version', {}),
  ...rows('run create', { effects: RUNS, when: HOST, style: 'words', special: 'mounts' }),
  exec: { effects: RUNS, special: 'container-exec' },
  ...rows('build buildx start restart compose up cp commit tag save load import export stop pause unpause wait attach', {
    effects: RUNS,
    when: [{ word: /^(-v|--volumes|--rmi)$/, effects: gone('deletes containers and what they store ({command})') }, ...HOST],
  }),
  ...rows('rm rmi kill', { effects: [{ effect: 'destructive', risk: 'watch', says: 'deletes or ends containers ({command})' }] }),
  pull: { effects: [{ effect: 'network', says: 'fetches the image {1}' }] },
  push: {
    effects: [
      { effect: 'network', risk: 'watch', says: 'publishes the image {1}, which cannot be taken back' },
      ...gone('publishes the image {1}, which cannot be taken back'),
    ],
  },
  ...rows('login logout', { effects: CHANGES }),
  ...rows('system volume image container network builder', {
    when: [
      { word: /^(prune|rm|remove)$/, effects: gone('deletes containers, images or what they store ({command})') },
      { word: /^(ls|list|inspect|df|info)$/, effects: [] },
      { effects: RUNS },
    ],
  }),
  '*': { effects: RUNS },
};
const SHOWS: readonly Said[] = [{ effect: 'read', risk: 'risk', says: 'shows a password or key ({command})' }];
const CLOUD: Program = {
  style: 'words',
  when: [
    {
      word: /^(print-(access|identity)-token|get-access-token|get-secret-value|get-session-token|get-login-password|assume-role.*|--with-decryption|--raw|.*(secret|token|password).*_key|aws_session_token)$/,
      effects: SHOWS,
    },
    { word: /^emulators:/, effects: RUNS },
    {
      word: /^(.*[-:])?(delete|destroy|remove|terminate|purge|rm|rb|rollback|reset|down|drop|del)([-:].*)?$/,
      effects: [
        { effect: 'network', risk: 'watch', says: 'deletes something in the cloud ({command})' },
        ...gone('deletes something in the cloud ({command})'),
      ],
    },
    {
      word: /^--prod(uction)?$|^(.*[-:])?(create|update|put|deploy|apply|set|start|stop|run|invoke|execute|exec|ssh|add|attach|modify|cp|copy|sync|bisync|move|mv|publish|push|up|promote|import|restore|scale|restart|reboot|enable|disable|grant|revoke|upload)([-:].*)?$/,
      effects: CHANGES,
    },
    { effects: ASKS },
  ],
};
const DATABASE: Program = {
  special: 'sql',
  values: '-h --host -p --port -U -u --user -d --dbname --database -P -D -c --command -e --execute --eval -q --query',
  reads: '-f --file',
};

export const SERVICES: Readonly<Record<string, Program>> = {
  ...rows('docker podman nerdctl', { values: '-H --host --context -c', commands: CONTAINER }),
  'docker-compose': { commands: { ...CONTAINER, down: CONTAINER.compose ?? {} } },
  ...rows('kubectl oc', {
    values: '-n --namespace --context --kubeconfig -l',
    commands: {
      ...rows('describe logs top explain version api-resources cluster-info diff', { effects: ASKS }),
      config: { when: [{ word: /^--raw$/, effects: SHOWS }, { effects: ASKS }] },
      get: { when: [{ word: /^secrets?(\/.*)?$/, effects: SHOWS }, { effects: ASKS }] },
      ...rows('delete drain', { effects: gone('deletes something in the cluster ({command})') }),
      replace: { when: [{ options: '--force', effects: gone('deletes something in the cluster ({command})') }, { effects: CHANGES }] },
      '*': { effects: CHANGES },
    },
  }),
  helm: {
    commands: {
      ...rows('uninstall delete rollback', { effects: gone('deletes something in the cluster ({command})') }),
      ...rows('list status get template lint show version', { effects: ASKS }),
      '*': { effects: CHANGES },
    },
  },
  ...rows('terraform tofu terragrunt', {
    style: 'words',
    commands: {
      ...rows('fmt validate version show output graph providers', {}),
      ...rows('init plan get', { effects: ASKS }),
      destroy: { effects: gone('destroys what this project runs in the cloud') },
      apply: {
        when: [
          { word: /^-destroy$/, effects: gone('destroys what this project runs in the cloud') },
          { word: /^-auto-approve$/, effects: gone('changes what runs in the cloud without a question') },
          { effects: CHANGES },
        ],
      },
      ...rows('state workspace', {
        when: [{ word: /^(rm|delete)$/, effects: gone('deletes terraform’s record of the cloud ({command})') }, { effects: ASKS }],
      }),
      '*': { effects: CHANGES },
    },
  }),
  pulumi: {
    commands: {
      destroy: { effects: gone('destroys what this project runs in the cloud') },
      ...rows('preview stack config', { effects: ASKS }),
      '*': { effects: CHANGES },
    },
  },
  ...rows(
    'aws gcloud az gsutil doctl fly flyctl netlify wrangler firebase s3cmd rclone mc railway eb sam cdk serverless sls etcdctl consul',
    CLOUD,
  ),
  // Alone it deploys.
  vercel: { ...CLOUD, when: [{ operands: 'none', without: '--version --help', effects: CHANGES }, ...(CLOUD.when ?? [])] },
  heroku: { ...CLOUD, when: [{ word: /^config(:get)?$/, effects: SHOWS }, ...(CLOUD.when ?? [])] },
  // Most of it is a copy on this machine.
  supabase: {
    ...CLOUD,
    when: [{ word: /^(start|stop|status|gen|init|test)$/, without: '--linked --db-url', effects: RUNS }, ...(CLOUD.when ?? [])],
  },
  ...rows('ansible ansible-playbook ansible-pull', {
    when: [
      { options: '-C --check --syntax-check --list-hosts --list-tasks', effects: RUNS },
      { effects: [{ effect: 'network', risk: 'watch', says: 'changes other machines ({command})' }] },
    ],
  }),
  vagrant: { commands: { destroy: { effects: gone('destroys virtual machines ({command})') }, '*': { effects: RUNS } } },
  vault: {
    commands: {
      ...rows('status version', { effects: ASKS }),
      ...rows('read kv unwrap token print', { effects: SHOWS }),
      '*': { effects: CHANGES },
    },
  },
  ...rows('op pass gopass bw lpass secret-tool keepassxc-cli', { effects: SHOWS }),
  security: {
    when: [{ word: /^(find-.*-password|dump-keychain|export|unlock-keychain|find-identity|add-.*|delete-.*)$/, effects: SHOWS }],
  },
  ...rows('psql mysql mariadb sqlite3 mongo mongosh redis-cli clickhouse clickhouse-client cockroach duckdb', DATABASE),
  ...rows('dropdb mysqladmin', { effects: gone('deletes a database ({command})') }),
  createdb: { effects: [{ effect: 'runs-code', says: 'creates a database' }] },
};
