/** Tools of many trades that run this project's own code, or read and write its files: nothing to ask about. */

import { type Program, rows, type Said } from './program.ts';

const CODE: readonly Said[] = [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }];
const RUNS: readonly Said[] = [{ effect: 'runs-code', says: 'runs {command}' }];

export const TOOLCHAINS: Readonly<Record<string, Program>> = {
  // Web.
  ...rows(
    'ng vue svelte-kit react-scripts remix gatsby eleventy docusaurus vitepress vuepress ember ionic cap tsup tsdown swc babel postcss tailwindcss sass lessc ' +
      'webpack-cli rspack rsbuild farm karma jasmine ava tap c8 nyc wtr testcafe cucumber-js newman bru k6 artillery autocannon ab wrk hey vegeta siege locust gatling ' +
      'http-server serve json-server live-server browser-sync wait-on npm-run-all run-s run-p tsd knip depcheck madge size-limit publint attw cspell commitlint changelog ' +
      'graphql-codegen openapi-generator openapi-generator-cli swagger-cli redocly spectral typedoc jsdoc lighthouse pa11y chromatic storybook sb nest adonis ' +
      'tsc-watch tsx-watch pm2-dev zx ncc pkg nexe esno jiti vite-node buf grpcurl protoc-gen-go wasm-pack wasm-bindgen trunk',
    { effects: CODE },
  ),
  // Python and data.
  ...rows(
    'spark-submit spark-shell pyspark ipython jupyter-lab jupyter-notebook nbconvert papermill marimo streamlit gradio dash celery daphne hypercorn waitress-serve scrapy airflow dbt prefect dagster mlflow dvc ' +
      'great_expectations sqlfluff sqlmesh kedro luigi ray dask pyinstaller cython f2py pybabel pip-compile pip-sync pip-audit safety bandit vulture radon pydocstyle pycodestyle pyflakes ' +
      'autopep8 autoflake pyupgrade docformatter interrogate xdoctest mutmut hypothesis doit invoke fab cookiecutter copier maturin setuptools-scm build virtualenv ' +
      'tensorboard accelerate torchrun deepspeed llama-cli whisper spacy duckdb-cli csvcut csvgrep csvlook csvjson csvsort csvstat csvsql xsv qsv mlr visidata vd datamash',
    { effects: CODE },
  ),
  // Go, Rust, C and C++.
  ...rows(
    'gopls staticcheck revive errcheck govulncheck gotestsum mockgen stringer wire ginkgo air dlv gofumpt gci sqlc templ goose migrate ent cobra ' +
      'rust-analyzer cargo-nextest cargo-watch bacon sccache ccache distcc clangd cppcheck cpplint include-what-you-use bear valgrind perf gprof gcov lcov genhtml ' +
      'gcovr llvm-cov llvm-profdata objdump readelf addr2line c++filt strip objcopy ranlib autoconf automake autoreconf aclocal libtool libtoolize pkg-config configure ' +
      'ctest cpack conan vcpkg xmake premake waf qmake moc uic bison flex yacc lex swig doxygen astyle uncrustify indent heaptrack rr',
    { effects: CODE },
  ),
  // Java, .NET, mobile.
  ...rows(
    'jar javap jdb jshell jstack jmap jcmd jps jconsole jlink jpackage groovy groovyc kotlinc-jvm detekt checkstyle spotbugs pmd mvnd jbang spring micronaut quarkus ' +
      'msbuild csc fsc fsi vstest nunit3-console xunit.console csharpier reportgenerator mono ' +
      'adb emulator avdmanager sdkmanager xcrun xcode-select simctl instruments xcpretty xcbeautify swiftc swift-format swiftgen xcodegen tuist carthage periphery sourcery ' +
      'react-native metro detox maestro appium apkanalyzer apksigner zipalign aapt bundletool fvm melos',
    { effects: CODE },
  ),
  // Ruby, PHP, Elixir, Haskell and others.
  ...rows(
    'rackup puma sidekiq foreman overmind hivemind guard standardrb erb haml slim yard rdoc irb pry ' +
      'phpstan psalm php-cs-fixer phpcs phpcbf pest behat infection rector deptrac drush wp phan ' +
      'iex elixir elixirc erl erlc dialyzer gleam ghci runghc hlint ormolu fourmolu hie-bios opam esy ocamlfind ocamlbuild dune-release ' +
      'julia nim nimble crystal shards v odin dmd dub ldc2 gfortran fpc gnat gnatmake coqc lean lake agda idris2 racket raco guile sbcl clj clojure bb lein boot janet ' +
      'ponyc rescript bsc purs spago elm elm-test elm-format hx haxe lime godot godot4 love solc hardhat forge anvil truffle foundryup',
    { effects: CODE },
  ),
  // Operations that stay on this machine or only ask.
  ...rows(
    'minikube kind k3d k9s kubectx kubens stern kubeval kubeconform kube-linter conftest opa terraform-docs tflint tfsec checkov trivy grype syft snyk dockle hadolint dive ' +
      'packer act circleci nomad-fmt jsonnet cue kcl yamlfmt dprint actionlint zizmor gitleaks trufflehog detect-secrets semgrep codeql sonar-scanner infracost ' +
      'docker-credential-helper lazydocker lazygit tig gitui git-cliff commitizen cz cocogitto cog pre-commit-hooks',
    { effects: RUNS },
  ),
  // Documents, pictures, sound.
  ...rows(
    'pdflatex xelatex lualatex latexmk bibtex biber tectonic typst asciidoctor asciidoctor-pdf rst2html mmdc plantuml d2 gnuplot inkscape rsvg-convert cwebp dwebp avifenc optipng pngquant jpegoptim ' +
      'svgo identify mogrify composite montage ffprobe ffplay sox mediainfo exiv2 qpdf pdftk pdfinfo pdftoppm gs wkhtmltopdf weasyprint tesseract ocrmypdf libreoffice soffice unoconv vale proselint aspell hunspell textlint remark',
    { effects: RUNS },
  ),
  // The rest of a shell's day.
  ...rows(
    'jless fx jo dasel htmlq pup xq xmlstarlet csvkit sd choose ranger nnn broot zoxide z autojump fzf sk peco gum glow mdcat vhs asciinema neofetch fastfetch btop htop glances iotop ncdu duf dust procs lsd ' +
      'figlet toilet lolcat sl fortune bc dc units numfmt nproc tput watchman direnv pv progress ts moreutils vipe ifne errno isutf8 dos2unix unix2dos recode enca convmv rename detox rg-all tokei onefetch',
    {},
  ),
};
