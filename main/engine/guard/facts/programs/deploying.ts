/** Programs that deliver to others: hosting, stores of apps, releases. */

import { type Program, rows, type Said, type When } from './program.ts';
import { delivered, shown } from './publishing.ts';
import { CLOUD } from './services.ts';

const RUNS: readonly Said[] = [{ effect: 'runs-code', says: 'runs {command}' }];
const DELIVERS = delivered('delivers this project to others ({command})');
const SHOWS = shown('shows a password or key ({command})');
/** What a hosting service's tool does on this machine. */
const LOCAL: When = {
  word: /^(dev|serve|build|init|link|unlink|start|stop|status|test|gen|generate|types|check|lint|tail|logs?|open|help|whoami|version|-v|--version|--help|-h|emulators?(:.*)?|local|preview|package|synth|synthesize|ls|list|diff|doctor|validate|inspect|info|print|offline|env:list|config:list|bootstrap-template)$/,
  without: '--prod --production --linked --db-url --remote',
  effects: RUNS,
};
const HOSTING: Program = { ...CLOUD, when: [LOCAL, ...(CLOUD.when ?? [])] };
const delivering = (word: RegExp): Program => ({
  effects: RUNS,
  when: [
    { options: '--dry-run --snapshot --skip-publish --no-publish -n', effects: RUNS },
    { word, effects: DELIVERS },
  ],
});

export const DEPLOYING: Readonly<Record<string, Program>> = {
  ...rows(
    'sam fly flyctl netlify wrangler firebase railway cdk serverless sls sst render amplify surge now supabase amplify-cli copilot-cli dokku convex',
    HOSTING,
  ),
  // Alone they deploy.
  ...rows('vercel vc', {
    ...HOSTING,
    when: [{ operands: 'none', without: '--version --help -v -h', effects: DELIVERS }, ...(HOSTING.when ?? [])],
  }),
  surge: { effects: DELIVERS },
  heroku: {
    ...CLOUD,
    when: [
      { word: /^config(:get)?$/, effects: SHOWS },
      { word: /^(local|logs|ps|apps|info|--version)$/, effects: RUNS },
      ...(CLOUD.when ?? []),
    ],
  },
  ...rows('goreleaser', delivering(/^release$/)),
  ...rows('lerna changeset changesets', delivering(/^publish$/)),
  nx: delivering(/^(publish|release|run-many)$|:(deploy|publish|release)$|^(deploy)$/),
  turbo: delivering(/^(publish|deploy|release)(:.*)?$/),
  'semantic-release': { when: [{ options: '--dry-run -d', effects: RUNS }, { effects: DELIVERS }] },
  ...rows('release-it np standard-version auto bumpversion bump2version', {
    when: [{ options: '--dry-run -n --preview --version', effects: RUNS }, { effects: RUNS }],
  }),
  ...rows('release-it np', { when: [{ options: '--dry-run -n --preview --version', effects: RUNS }, { effects: DELIVERS }] }),
  'gh-pages': { effects: DELIVERS },
  ...rows('vsce ovsx', delivering(/^(publish|unpublish)$/)),
  pod: delivering(/^(push)$/),
  fastlane: delivering(/^(deliver|pilot|supply|release|beta|upload\w*|deploy\w*|publish\w*|upload_to_\w+)$/),
  ...rows('altool notarytool transporter', { effects: DELIVERS }),
  eas: delivering(/^(submit|update|deploy)$/),
  expo: delivering(/^(publish|submit|upload:.*)$/),
  'electron-builder': { effects: RUNS, when: [{ options: '--publish -p', without: '--publish=never', effects: DELIVERS }] },
  twine: { commands: { upload: { effects: DELIVERS }, '*': { operands: 'read' } } },
  flit: delivering(/^publish$/),
  mkdocs: delivering(/^gh-deploy$/),
  mike: delivering(/^deploy$/),
  jfrog: delivering(/^(u|upload|publish|push)$/),
  jf: delivering(/^(u|upload|publish|push)$/),
  snapcraft: delivering(/^(upload|release|push)$/),
  'cargo-release': { effects: RUNS, when: [{ options: '-x --execute', effects: DELIVERS }] },
  ...rows('skopeo crane oras regctl cosign', delivering(/^(copy|cp|push|delete|tag|sign|attest|append|sync)$/)),
  ...rows('skaffold tilt devspace', delivering(/^(run|deploy|apply)$/)),
  ...rows('argocd flux', {
    effects: RUNS,
    when: [
      {
        word: /^(get|list|diff|history|logs|version|check|export|tree|stats)$/,
        effects: [{ effect: 'network', says: 'asks {name} ({command})' }],
      },
      { effects: DELIVERS },
    ],
  }),
  ...rows('cap kamal mina capistrano dpl', { effects: DELIVERS, when: [] }),
  ...rows('werf kapp helmfile kustomize ko', {
    effects: RUNS,
    when: [{ word: /^(apply|deploy|sync|converge|destroy|delete|resolve|publish)$/, effects: DELIVERS }],
  }),
};
