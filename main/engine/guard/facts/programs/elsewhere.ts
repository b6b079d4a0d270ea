/** Queues, directories, stores and backups: clients of services, whose verbs are about what others have. */

import { type Program, rows, type Said } from './program.ts';
import { shown } from './publishing.ts';

const gone = (says: string): readonly Said[] => [{ effect: 'destructive', risk: 'risk', says }];
const GONE = gone('deletes something that may have no copy ({command})');
const ASKS: readonly Said[] = [{ effect: 'network', says: 'asks {name}’s service ({command})' }];
const RUNS: readonly Said[] = [{ effect: 'runs-code', says: 'runs {command}' }];
const SENDS: readonly Said[] = [{ effect: 'network', risk: 'watch', says: 'sends something to others ({command})' }];
const MOUNTS: readonly Said[] = [
  { effect: 'network', risk: 'watch', says: 'puts a folder of another machine here, or one of here there ({command})' },
];

export const ELSEWHERE: Readonly<Record<string, Program>> = {
  // Queues and messages.
  ...rows(
    'mosquitto_pub mqttx mqtt kcat kafkacat kafka-console-producer kafka-console-producer.sh amqp-publish rabbitmqadmin nats nsq_pub to_nsq zmqc pulsar-client stomp',
    {
      special: 'hands-over',
      effects: ASKS,
      when: [
        { word: /^(delete|purge|rm|del)$/, effects: GONE },
        { word: /^(pub|publish|-P|req|request|produce|send)$/, effects: SENDS },
      ],
    },
  ),
  rabbitmqctl: {
    effects: ASKS,
    when: [{ word: /^(reset|force_reset|delete_.*|purge_.*|stop.*|forget_.*|clear_.*|change_.*|set_.*|add_.*)$/, effects: GONE }],
  },
  ...rows(
    'telegram-send slackcat slack ntfy apprise signal-cli twurl toot tweet notify mutt-send wall write mesg gammu wscli matrix-commander discord.sh sendxmpp zulip-send pushover',
    {
      special: 'hands-over',
      effects: SENDS,
    },
  ),
  // Files, to a place of somebody else's.
  ...rows(
    's5cmd b2 azcopy s4cmd megaput mega-put gdrive gdown-up drive dropbox dropbox_uploader.sh dbxcli ipfs ipfs-cluster-ctl wput curlftpfs-put lftpput ncput swift-upload obsutil ossutil coscmd nextcloudcmd duck woof qrcp transfer.sh filebin bashupload 0x0 termbin filetea rclone-upload',
    {
      special: 'hands-over',
      effects: ASKS,
      when: [
        { word: /^(rm|rb|delete|del|remove|purge|delete-.*|del-.*)$/, effects: GONE },
        { word: /^(cp|put|upload|sync|mv|add|push|import|share|pipe|copy|upload-file|upload_file)$/, effects: SENDS },
      ],
    },
  ),
  ...rows(
    'wput megaput mega-put woof qrcp transfer.sh dropbox_uploader.sh nextcloudcmd lftpput unison syncthing rdiff-backup csync2 lsyncd mutagen',
    { special: 'hands-over', effects: SENDS },
  ),
  ...rows('sshfs mount.nfs mount.cifs curlftpfs davfs2 s3fs gcsfuse goofys', { effects: MOUNTS }),
  ...rows(
    'sshuttle autossh mosh dropbear dbclient rsh rlogin rexec plink kitten-ssh telnetd sshd rdesktop xfreerdp vncviewer vncserver x11vnc anydesk teamviewer rustdesk tmate upterm gotty ttyd wetty shellinabox gsocket gs-netcat',
    {
      effects: [{ effect: 'network', risk: 'risk', says: 'opens a way between this machine and another ({command})' }],
      when: [{ options: '--version --help', effects: [] }],
    },
  ),
  // Backups.
  ...rows(
    'restic borg kopia duplicity duplicacy bup tarsnap rsnapshot velero rustic attic barman pgbackrest wal-g timeshift snapper rear',
    {
      effects: RUNS,
      when: [
        { options: '-n --dry-run', effects: RUNS },
        {
          word: /^(forget|prune|delete|rm|purge|remove-.*|--delete|-d|--prune|wipe.*|expire|unlock|stanza-delete|compact|recreate|destroy|break-lock|nuke|--nuke|uninstall|restore|rollback|undochange)$/,
          effects: gone('deletes copies, or what they are put over ({command})'),
        },
        { word: /^(key|passwd|change-passphrase|password)$/, effects: shown('shows or changes the keys of copies ({command})') },
      ],
    },
  ),
  // Schemas of databases.
  ...rows(
    'flyway liquibase dbmate goose migrate atlas sqitch skeema yoyo refinery sea-orm-cli diesel sqlx doctrine phinx migrate-mongo drizzle-kit pgroll bytebase graphile-migrate node-pg-migrate db-migrate umzug',
    {
      effects: RUNS,
      when: [
        {
          word: /^(clean|drop|drop-?all|dropAll|drop-all-sql|down|down-to|reset|rollback|rollback-.*|rollbackCount|undo|revert|redo|fresh|refresh|wipe|destroy|unlink)$|^(database|schema):(drop|reset)$/,
          effects: gone('takes a database back or empties it ({command})'),
        },
      ],
    },
  ),
  // Directories and names.
  ...rows(
    'ldapmodify ldapadd ldapdelete ldappasswd ldapmodrdn ldapvi nsupdate rndc kadmin kadmin.local smbpasswd pdbedit samba-tool net ipa realm adcli snmpset',
    {
      when: [
        {
          word: /^(-n|--dry-run|status|show|list|search|find|.*-(show|find)|listprincs|list_principals|info|discover|user-find)$/,
          effects: ASKS,
        },
        { effects: [...SENDS, ...GONE] },
      ],
    },
  ),
  // Search and stores.
  ...rows(
    'curator elasticdump influx influxd arangosh nodetool cassandra-cli riak-admin riak ceph rados rbd gluster drbdadm crm pcs corosync-cfgtool patronictl repmgr pg_ctl pg_ctlcluster pg_dropcluster pg_resetwal pg_rewind mongod mysqld_safe redis-server etcdutl zkCli.sh zkcli',
    {
      effects: RUNS,
      when: [
        { word: /^(status|ls|list|info|get|show|df|health|-s|stat|--version|health|osd-tree|tree|init|start|query)$/, effects: RUNS },
        {
          word: /^(delete.*|rm|rmr|deleteall|purge|drop.*|remove.*|decommission|stop|failover|switchover|cleanup|flush|out|destroy|truncate.*|zap|reinit|reset.*|disable.*|set|standby|kill|delete_indices|restart)$/,
          effects: GONE,
        },
      ],
    },
  ),
  ...rows('pg_dropcluster pg_resetwal pg_rewind dropuser', { effects: GONE }),
  // Machines that are software.
  ...rows(
    'virsh VBoxManage vboxmanage prlctl vmrun qm pct pvesh incus lxc multipass limactl lima colima tart utmctl orb orbctl govc xe esxcli xl crictl ctr buildah',
    {
      style: 'words',
      effects: RUNS,
      when: [
        {
          word: /^(destroy|undefine|delete|delete-.*|unregistervm|--delete|deleteVM|purge|rm|rmi|poweroff|shutdown|reset|rollback|vol-delete|pool-destroy|pool-delete|snapshot-delete|snapshot-revert|revertToSnapshot|restore|vm\.destroy|.*\.destroy|vm-destroy|uninstall|prune|wipe)$/,
          effects: GONE,
        },
        {
          word: /^(exec|guestcontrol|guest-exec|--privileged|security\.privileged=true)$/,
          effects: [{ effect: 'privilege', risk: 'watch', says: 'runs something in another machine ({command})' }],
        },
      ],
    },
  ),
  // Clusters and stacks.
  ...rows(
    'kubeadm k3s-uninstall.sh k3s rke rke2 kops eksctl k0s talosctl cilium istioctl linkerd velero-install kubectl-delete nomad waypoint boundary consul-k8s openshift-install crc microk8s juju cf bosh',
    {
      style: 'words',
      effects: ASKS,
      when: [
        {
          word: /^(status|list|get|version|validate|plan|describe|info|logs|proxy-status|analyze|check|inspect|show|dashboard|apps|services|target|config|monitor|node|fmt|preview)$/,
          effects: ASKS,
        },
        {
          word: /^(reset|delete|destroy|purge|stop|drain|uninstall|remove|remove-.*|kill-.*|destroy-.*|delete-.*|uninstall|rollback|-purge|system gc|delete-org|delete-space|undeploy)$/,
          effects: GONE,
        },
        {
          word: /^(run|apply|deploy|push|upgrade|update|create|join|install|rolling-update|rotate-.*|bootstrap|set-.*|scale|restart|restage|start|attach-.*|enable|disable|certs)$/,
          effects: SENDS,
        },
      ],
    },
  ),
  ...rows('wandb neptune clearml comet', { effects: RUNS, when: [{ word: /^(sync|upload|push|put|deploy)$/, effects: SENDS }] }),
  // Accounts and payments.
  ...rows(
    'stripe twilio sendgrid mailgun paypal shopify plaid auth0 okta segment algolia sentry-cli datadog-ci newrelic pd ldcli launchdarkly cloudinary contentful sanity strapi hasura appwrite nhost turso planetscale pscale neonctl neon upstash xata fauna cockroach-cloud atlas-cli atlascli confluent ccloud snow databricks jira linear notion acli',
    {
      style: 'words',
      effects: ASKS,
      when: [
        {
          word: /^(delete|destroy|remove|rm|purge|drop|revoke|cancel|terminate|deactivate|.*[:-](delete|remove|revoke)|reset|import|--replace)$/,
          effects: GONE,
        },
        {
          word: /^(create|update|send|post|publish|deploy|push|refunds?|charges?|payouts?|transfers?|.*[:-](create|update|send|push)|promote|set|upload|upload-.*|invite|grant|rotate|enable|disable|apply|trigger|fixtures|finalize|new|set-commits|sync|activate|assign|comment|move|transition|close|reopen)$/,
          effects: SENDS,
        },
      ],
    },
  ),
};
