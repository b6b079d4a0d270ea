/** Containers, clusters, clouds and databases: programs whose effects are elsewhere and often for good. */

import { type Program, rows, type Said, type When } from './program.ts';
import { delivered, published, shown } from './publishing.ts';

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
const COMPOSE: Readonly<Record<string, Program>> = {
  exec: { effects: RUNS, special: 'container-exec' },
  run: { effects: RUNS, special: 'container-exec' },
  push: { effects: published('images') },
  rm: { effects: RUNS, when: [{ options: '-v --volumes', effects: gone('deletes containers and what they store ({command})') }] },
  '*': {
    effects: RUNS,
    when: [{ word: /^(-v|--volumes|--rmi(=.*)?)$/, effects: gone('deletes containers and what they store ({command})') }],
  },
};
const CONTAINER: Readonly<Record<string, Program>> = {
  ...rows('ps logs images inspect stats top port version info diff history events search context --version', {}),
  ...rows('run create', { effects: RUNS, when: HOST, style: 'words', special: 'mounts' }),
  exec: { effects: RUNS, special: 'container-exec' },
  cp: { effects: RUNS, special: 'container-copy' },
  compose: { values: '-f --file -p --project-name --profile --env-file --project-directory', commands: COMPOSE },
  ...rows('build buildx start restart up commit tag save load import export stop pause unpause wait attach', {
    effects: RUNS,
    when: [
      { word: /^(--push|push)$|^--output=.*type=registry|^type=registry/, effects: published('an image') },
      { word: /^(-v|--volumes|--rmi)$/, effects: gone('deletes containers and what they store ({command})') },
      ...HOST,
    ],
  }),
  // Images are built or fetched again.
  rmi: {
    when: [
      { options: '-f --force', effects: gone('deletes images ({command})') },
      { word: /\0|[*$]/, effects: gone('deletes images ({command})') },
      { effects: RUNS },
    ],
  },
  plugin: {
    when: [
      { word: /^(install|upgrade)$/, effects: [{ effect: 'install-package', risk: 'watch', says: 'adds what others wrote ({command})' }] },
      { word: /^(ls|list|inspect)$/, effects: [] },
      { effects: CHANGES },
    ],
  },
  ...rows('rm kill', { effects: [{ effect: 'destructive', risk: 'watch', says: 'deletes or ends containers ({command})' }] }),
  pull: { effects: [{ effect: 'network', says: 'fetches the image {1}' }] },
  push: { effects: published('the image {1}') },
  ...rows('login logout', { effects: CHANGES }),
  ...rows(
    'system volume image container network builder stack context swarm secret node service trust config checkpoint manifest machine pod kube quadlet farm model mcp',
    {
      when: [
        { word: /^(prune|rm|remove|leave|revoke|reset|down)$/, effects: gone('deletes containers, images or what they store ({command})') },
        { word: /^(ls|list|inspect|df|info)$/, effects: [] },
        { effects: RUNS },
      ],
    },
  ),
  '*': { effects: RUNS },
};
const SHOWS = shown('shows a password or key ({command})');
const DEPLOYS = delivered('delivers what others use ({command})');
export const CLOUD: Program = {
  style: 'words',
  special: 'uploads',
  values:
    '--profile --region --project --output -o --query --format -e --env --stage --account-name --resource-group -g --container-name -c --name -n --config',
  when: [
    { options: '--dry-run --dryrun --noop --no-execute-changeset', effects: ASKS },
    { phrase: /^(rsync|cp|mv|rm)\s(.*\s)?-n\b/, effects: ASKS },
    {
      word: /^(print-(access|identity)-token|get-access-token|get-secret-value|get-session-token|get-login-password|get-authorization-token|get-federation-token|assume-role.*|export-credentials|create-access-key|list-keys|list-secrets|show-secret|access-secret|get-credentials|get-parameters?-by-path|--with-decryption|--raw|.*(secret|token|password).*_key|aws_session_token|connection-string|show-connection-string|config:get|auth:token)$/,
      effects: SHOWS,
    },
    {
      phrase:
        /\bsecrets? (versions access|show|get|download|view|reveal|export|pull|list-values)\b|\bkeyvault (secret|key|certificate) (show|download|backup)\b|\b(keys?|credentials?|connection-strings?|access-keys?|admin-credential) (list|show)\b|\benv (pull|export|print)\b|\bvariables? (get|list) .*--(show|reveal)/,
      effects: SHOWS,
    },
    { word: /^emulators:/, effects: RUNS },
    {
      phrase: /\b(components?|plugins?|extensions?|addons?)[ :](install|add|update|link)\b|^extension add/,
      effects: [{ effect: 'install-package', risk: 'watch', says: 'adds what others wrote ({command})' }],
    },
    {
      word: /^(.*[-:])?(delete|destroy|remove|terminate|purge|rm|rb|rollback|reset|down|drop|del|deregister|revoke|empty|wipe|erase|cancel|detach|disassociate|schedule-key-deletion|disable-key|rotate|evict|retire|undelete|unpublish|undeploy)([-:].*)?$|^(Delete|Terminate|Remove|Release|Destroy|Stop|Revoke|Purge|Reset|Detach)[A-Z]\w*$/,
      effects: [
        { effect: 'network', risk: 'watch', says: 'deletes something in the cloud ({command})' },
        ...gone('deletes something in the cloud ({command})'),
      ],
    },
    { word: /^--prod(uction)?$|^(.*[-:])?(deploy|publish|push|up|promote|release|rollout)([-:].*)?$/, effects: DEPLOYS },
    {
      word: /^(.*[-:])?(create|update|change|register|associate|authorize|transfer|migrate|swap|accept|reject|send|batch|put|apply|set|start|stop|run|invoke|execute|exec|ssh|add|attach|modify|put|import|restore|scale|restart|reboot|enable|disable|grant|revoke|upload)([-:].*)?$/,
      effects: CHANGES,
    },
    { effects: ASKS },
  ],
};
const DATABASE: Program = {
  special: 'sql',
  values: '-h --host -p --port -U -u --user -d --dbname --database -P -D -c --command -e --execute --eval -q --query -Q',
  reads: '-f --file',
};

export const SERVICES: Readonly<Record<string, Program>> = {
  ...rows('docker podman nerdctl', { values: '-H --host --context -c', commands: CONTAINER }),
  'docker-compose': { values: '-f --file -p --project-name --profile --env-file', commands: COMPOSE },
  ...rows('kubectl oc', {
    values: '-n --namespace --context --kubeconfig -l',
    commands: {
      ...rows('describe logs top explain version api-resources cluster-info diff', { effects: ASKS }),
      config: {
        when: [
          { word: /^--raw$/, effects: SHOWS },
          { word: /^(delete-\w+|unset)$/, effects: gone('takes a cluster out of the settings ({command})') },
          { effects: ASKS },
        ],
      },
      get: {
        when: [
          { word: /^(-o)?(name|wide)$|^--output=(name|wide)$/, effects: ASKS },
          { word: /^(secrets?(\/.*)?|.*,secrets?(,.*)?)$/, options: '-o --output --template', effects: SHOWS },
          { effects: ASKS },
        ],
      },
      krew: {
        when: [
          { word: /^install$/, effects: [{ effect: 'install-package', risk: 'watch', says: 'adds a plugin to kubectl ({command})' }] },
          { effects: ASKS },
        ],
      },
      ...rows('port-forward proxy attach wait auth completion options plugin kustomize explain events', { effects: ASKS }),
      exec: { effects: CHANGES, special: 'container-exec' },
      run: { effects: CHANGES },
      cp: { effects: CHANGES, special: 'uploads' },
      create: { when: [{ options: '--dry-run', effects: [] }, { effects: CHANGES }] },
      apply: { when: [{ options: '--dry-run', effects: ASKS }, { effects: DEPLOYS }] },
      rollout: { when: [{ word: /^(status|history)$/, effects: ASKS }, { effects: DEPLOYS }] },
      ...rows('delete drain', { effects: gone('deletes something in the cluster ({command})') }),
      replace: { when: [{ options: '--force', effects: gone('deletes something in the cluster ({command})') }, { effects: CHANGES }] },
      '*': { effects: CHANGES },
    },
  }),
  helm: {
    commands: {
      ...rows('uninstall delete rollback', { effects: gone('deletes something in the cluster ({command})') }),
      plugin: {
        when: [
          {
            word: /^(install|update)$/,
            effects: [{ effect: 'install-package', risk: 'watch', says: 'adds a plugin to helm ({command})' }],
          },
          { effects: ASKS },
        ],
      },
      ...rows('list ls status get template lint show version search dependency dep history env verify repo pull create package diff test', {
        effects: ASKS,
      }),
      ...rows('install upgrade', { when: [{ options: '--dry-run', effects: ASKS }, { effects: DEPLOYS }] }),
      push: { effects: published('a chart') },
      '*': { effects: CHANGES },
    },
  },
  ...rows('terraform tofu terragrunt', {
    style: 'words',
    commands: {
      ...rows('fmt validate version show graph providers', {}),
      output: {
        when: [
          {
            phrase: /secret|password|passwd|token|credential|api_?key|private_?key|access_?key|kubeconfig|conn(ection)?_?str/i,
            effects: SHOWS,
          },
          { effects: [] },
        ],
      },
      ...rows('init plan get', { effects: ASKS }),
      destroy: { effects: gone('destroys what this project runs in the cloud') },
      apply: {
        when: [
          { word: /^-destroy$/, effects: gone('destroys what this project runs in the cloud') },
          { word: /^-auto-approve$/, effects: [...gone('changes what runs in the cloud without a question'), ...DEPLOYS] },
          { effects: DEPLOYS },
        ],
      },
      import: { effects: CHANGES },
      ...rows('console test taint untaint login force-unlock refresh', { effects: CHANGES }),
      ...rows('state workspace', {
        when: [
          { word: /^(rm|delete)$/, effects: gone('deletes terraform’s record of the cloud ({command})') },
          { word: /^pull$/, effects: SHOWS },
          { word: /^(push|mv|replace-provider)$/, effects: CHANGES },
          { effects: ASKS },
        ],
      }),
      '*': { effects: CHANGES },
    },
  }),
  pulumi: {
    commands: {
      destroy: { effects: gone('destroys what this project runs in the cloud') },
      ...rows('preview stack config about version plugin logs whoami org', {
        effects: ASKS,
        when: [
          { word: /^--show-secrets$/, effects: SHOWS },
          { word: /^rm$/, effects: gone('deletes pulumi’s record of the cloud ({command})') },
        ],
      }),
      ...rows('up update', { effects: DEPLOYS }),
      '*': { effects: CHANGES },
    },
  },
  ...rows(
    'aws gcloud az gsutil doctl s3cmd rclone mc eb etcdctl consul aliyun tccli yc exo civo openstack packet metal upctl nova glance swift-client eksctl-cli awslocal-x ecs-cli copilot-svc gcloud-beta hcloud linode-cli oci ibmcloud scw vultr-cli bq',
    CLOUD,
  ),
  'ansible-vault': { when: [{ word: /^(view|decrypt|edit)$/, effects: SHOWS }, { effects: RUNS }] },
  'ansible-galaxy': {
    when: [
      {
        word: /^install$/,
        without: '-r --requirements-file --role-file',
        effects: [{ effect: 'install-package', risk: 'watch', says: 'installs roles of others ({command})' }],
      },
      { effects: RUNS },
    ],
  },
  ...rows(
    'salt salt-call salt-ssh salt-run salt-key knife chef chef-client chef-solo cinc-client puppet bolt packer pyinfra mco cf-agent nixos-rebuild home-manager darwin-rebuild juju-run pssh pdsh clush dsh mussh',
    {
      when: [
        {
          word: /^(list|show|status|search|validate|parser|lookup|describe|facts|facter|config|test\.ping|-L|--list|fmt|inspect|generate|diff|cookstyle|exec-dry|--noop|--why-run|-W|dry-run|build|version|help|module list|console)$|^(test|grains|pillar)\.\w+$/,
          effects: RUNS,
        },
        {
          effects: [
            { effect: 'network', risk: 'watch', says: 'changes other machines ({command})' },
            { effect: 'privilege', risk: 'watch', says: 'changes whole machines ({command})' },
          ],
        },
      ],
    },
  ),
  ...rows('ansible-lint ansible-doc ansible-inventory molecule', { effects: RUNS }),
  ...rows('ansible ansible-playbook ansible-pull', {
    when: [
      { options: '-C --check --syntax-check --list-hosts --list-tasks --version', effects: RUNS },
      { effects: [{ effect: 'network', risk: 'watch', says: 'changes other machines ({command})' }] },
    ],
  }),
  ...rows(
    'psql mysql mariadb sqlite3 mongo mongosh redis-cli valkey-cli keydb-cli iredis clickhouse clickhouse-client clickhouse-local cockroach duckdb snowsql sqlcmd mssql-cli isql sqlplus ' +
      'cqlsh usql pgcli mycli litecli beeline hive impala-shell presto trino cypher-shell surreal bteq vsql sqlline spark-sql arangosh tarantoolctl rqlite ysqlsh tidb',
    DATABASE,
  ),
  dropdb: { effects: gone('deletes a database ({command})') },
  mysqladmin: {
    when: [
      { word: /^(ping|status|version|processlist|variables|extended-status)$/, effects: RUNS },
      { effects: gone('deletes or stops a database ({command})') },
    ],
  },
  ...rows('pg_dump pg_dumpall mysqldump mariadb-dump mongodump mongoexport', {
    values: '-h --host -p --port -U -u --user -d --dbname -F --format -n -t --uri --db --collection',
    writes: '-f --file -r --result-file -o --out',
    gives: 'data',
    effects: [{ effect: 'runs-code', says: 'copies a database out ({command})' }],
  }),
  ...rows('pg_restore mongorestore mongoimport', {
    when: [{ options: '-c --clean --drop', effects: gone('replaces what is in a database ({command})') }, { effects: RUNS }],
  }),
  createdb: { effects: [{ effect: 'runs-code', says: 'creates a database' }] },
};
