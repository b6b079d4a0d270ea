/** Tools that a project has of its own. */

/** Tools that a project's own package file usually names: `npx tsc` runs what is installed, `npx other` downloads it first. */
export const USUAL_TOOLS: ReadonlySet<string> = new Set(
  (
    'tsc tsx ts-node tsup tsgo eslint prettier biome stylelint oxlint knip depcheck vitest jest mocha ava c8 nyc tap playwright cypress ' +
    'vite next nuxt astro remix svelte-kit svelte-check vue-tsc react-scripts ng webpack rollup esbuild parcel swc babel turbo nx lerna ' +
    'husky lint-staged commitlint changeset semantic-release prisma drizzle-kit knex typeorm sequelize tailwindcss postcss sass storybook ' +
    'electron electron-builder typedoc nodemon concurrently rimraf cross-env wrangler expo tauri ruff black mypy pytest isort flake8 pyright pre-commit ' +
    'npm-check-updates ncu sort-package-json http-server serve json-server live-server mkdirp del-cli cpy-cli npm-run-all run-s run-p wait-on start-server-and-test ' +
    'size-limit publint attw api-extractor markdownlint markdownlint-cli2 cspell madge dpdm license-checker lighthouse pa11y backstop percy graphql-codegen openapi-typescript ' +
    'orval quicktype json2ts ajv sass-lint htmlhint eleventy gatsby hexo docusaurus vuepress vitepress typedoc-json nest ionic cap cordova react-native pod-install detox metro ' +
    'wtr web-test-runner karma jasmine ts-jest tsd tsc-watch tsc-alias vue-cli-service ember sb chromatic c8 degit create-react-app bru newman artillery k6 autocannon ' +
    'purgecss kill-port svgo secretlint sort-imports npm-check taze syncpack manypkg publint ts-prune unimported dependency-cruiser depcruise source-map-explorer webpack-bundle-analyzer terser uglifyjs csso html-minifier-terser lessc stylus pug ejs handlebars mustache peggy nearley jison asc wasm-opt vue-i18n-extract i18next svgr spectral redocly swagger-cli json-schema-to-typescript json2md doctoc remark textlint alex write-good linkinator markdown-link-check htmltest axe lhci bundlewatch is-ci only-allow patch-package rollup-plugin-visualizer vite-bundle-visualizer tsconfck arethetypeswrong oxfmt dprint kysely kysely-codegen mikro-orm db-migrate node-pg-migrate zenstack wireit moon rush microsite qunit testcafe nightwatch webdriverio wdio codecept cucumber-js stryker stryker-cli fast-check lit-analyzer wc cem ' +
    'cdk sst serverless netlify vercel firebase supabase shadcn ui sirv esno jiti zx vite-node vitest-ui unbuild pkgroll microbundle ncc pkg nexe np release-it standard-version'
  ).split(' '),
);
