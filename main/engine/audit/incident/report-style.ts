/** How a report looks: the console's colours, on paper too. It stands in the page itself, which may load nothing. */

/** As in the windows' own tokens; a test holds them together. */
const LIGHT = `
    --paper: oklch(97.8% 0.004 85);
    --surface: oklch(100% 0 0);
    --sunken: oklch(96.2% 0.005 85);
    --line: oklch(91% 0.006 85);
    --line-strong: oklch(84% 0.008 85);
    --ink: oklch(23% 0.012 70);
    --ink-2: oklch(43% 0.012 70);
    --ink-3: oklch(51% 0.012 70);
    --hold: oklch(71% 0.15 68);
    --hold-soft: oklch(95.5% 0.045 80);
    --hold-ink: oklch(45% 0.11 65);
    --hold-halo: oklch(71% 0.15 68 / 0.3);
    --refuse: oklch(53% 0.19 27);
    --refuse-soft: oklch(95.5% 0.022 25);
    --release: oklch(47% 0.11 155);
    --release-soft: oklch(95.5% 0.03 155);`;
const DARK = `
    --paper: oklch(18.5% 0.006 75);
    --surface: oklch(22.5% 0.007 75);
    --sunken: oklch(19.3% 0.006 75);
    --line: oklch(30% 0.008 75);
    --line-strong: oklch(38% 0.008 75);
    --ink: oklch(94% 0.006 85);
    --ink-2: oklch(76% 0.01 80);
    --ink-3: oklch(66% 0.012 80);
    --hold: oklch(78% 0.14 72);
    --hold-soft: oklch(29% 0.045 70);
    --hold-ink: oklch(82% 0.12 74);
    --hold-halo: oklch(78% 0.14 72 / 0.3);
    --refuse: oklch(71% 0.16 25);
    --refuse-soft: oklch(28% 0.055 25);
    --release: oklch(76% 0.13 155);
    --release-soft: oklch(27% 0.04 155);`;

export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --sans: "Geist Variable", "Geist", system-ui, sans-serif;
  --mono: "Geist Mono Variable", "Geist Mono", ui-monospace, monospace;${LIGHT}
}
@media screen and (prefers-color-scheme: dark) {
  :root {${DARK}
  }
}
*, *::before, *::after { box-sizing: border-box; margin: 0; }
html { background: var(--surface); }
body {
  font: 13px / 1.5 var(--sans);
  color: var(--ink);
  max-width: 900px;
  margin: 0 auto;
  padding: 40px 32px 64px;
  overflow-wrap: anywhere;
  -webkit-font-smoothing: antialiased;
}
a { color: inherit; text-decoration: underline; text-decoration-color: var(--line-strong); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 2px; }
:target { scroll-margin-top: 24px; }
li:target .title b { background: var(--hold-soft); box-shadow: 0 0 0 4px var(--hold-soft); border-radius: 2px; }

.brand { display: flex; align-items: center; gap: 8px; font-weight: 600; letter-spacing: -0.01em; }
.brand i { width: 13px; height: 14px; border: solid var(--hold); border-width: 0 4.5px; border-radius: 1.5px; }
.brand span { color: var(--ink-3); font-weight: 400; letter-spacing: 0; }
h1 { font: 600 22px / 1.3 var(--sans); letter-spacing: -0.015em; margin-top: 28px; }
.lead { font-size: 14px; line-height: 1.6; color: var(--ink-2); margin-top: 8px; max-width: 76ch; }
.opening { margin-top: 16px; padding-left: 14px; border-left: 2px solid var(--hold); max-width: 76ch; }
h2 { font: 600 15px / 1.35 var(--sans); margin: 40px 0 12px; }
section > p { color: var(--ink-2); }
section > p:not(.turn) { max-width: 76ch; }
section > p + p, section > p + pre, section > pre + p { margin-top: 8px; }

dl { display: grid; grid-template-columns: 144px minmax(0, 1fr); margin-top: 28px; border-top: 1px solid var(--line); }
dt, dd { padding: 7px 0; border-bottom: 1px solid var(--line); }
dt { color: var(--ink-3); }
dd span { color: var(--ink-2); }

table { border-collapse: collapse; width: 100%; }
th { font-weight: 400; color: var(--ink-3); text-align: left; padding: 0 16px 7px 0; border-bottom: 1px solid var(--line); }
td { padding: 9px 16px 9px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.notable { table-layout: fixed; }
.notable th:first-child { width: 76px; }
.notable th:last-child { width: 38%; }
td small { display: block; font-size: 12px; color: var(--ink-2); margin-top: 2px; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.when, time, td.hash { font: 400 11.5px / 20px var(--mono); color: var(--ink-3); font-variant-numeric: tabular-nums; }
td.when { white-space: nowrap; }
td code, .mono { font: 12px / 1.6 var(--mono); font-variant-ligatures: none; }

.chip { display: inline-block; font: 500 11px / 1.65 var(--sans); padding: 0 7px; border-radius: 20px; white-space: nowrap; color: var(--ink-2); background: var(--sunken); }
.chip.released { color: var(--release); background: var(--release-soft); }
.chip.refused { color: var(--refuse); background: var(--refuse-soft); border-radius: 5px; }
.chip.waiting, .chip.unsure { color: var(--hold-ink); background: var(--hold-soft); }
.shape { display: block; width: 8px; height: 8px; margin: 6px auto 0; border-radius: 50%; box-shadow: inset 0 0 0 1.5px var(--ink-3); }
.shape.released { background: var(--release); box-shadow: none; }
.shape.refused { background: var(--refuse); box-shadow: none; border-radius: 2px; }
.shape.waiting { background: var(--hold); box-shadow: 0 0 0 3px var(--hold-halo); }
.shape.unsure { border-radius: 2px; box-shadow: inset 0 0 0 2px var(--hold); }
.escape { font: 500 0.82em / 1 var(--mono); color: var(--refuse); background: var(--refuse-soft); border-radius: 3px; padding: 1px 3px; margin: 0 1px; }

section > .turn { font-size: 12px; color: var(--ink-3); border-top: 1px solid var(--line); padding-top: 11px; margin-top: 8px; }
.turn time { margin-right: 8px; }
ol { list-style: none; padding: 14px 0 2px; }
@media screen { ol { content-visibility: auto; contain-intrinsic-size: auto 320px; } }
ol > li { display: grid; grid-template-columns: 60px 22px minmax(0, 1fr); gap: 0 8px; padding-bottom: 18px; position: relative; }
ol > li > .shape { grid-column: 2; }
ol > li > .what { grid-column: 3; min-width: 0; }
ol > li:not(:last-child)::after { content: ""; position: absolute; left: 79px; top: 20px; bottom: -1px; width: 1px; background: var(--line); }
.title b { font-weight: 500; }
.title span { color: var(--ink-2); }
.text, .command { margin-top: 4px; white-space: pre-wrap; overflow-wrap: anywhere; contain: paint; }
.said .text { max-width: 76ch; color: var(--ink-2); }
.command { width: fit-content; max-width: 100%; font: 12.5px / 1.65 var(--mono); font-variant-ligatures: none; margin-top: 7px; padding: 8px 12px; border-radius: 8px; background: var(--sunken); box-shadow: inset 0 0 0 1px var(--line); }
.verdict { margin-top: 7px; color: var(--ink-2); max-width: 76ch; }
.verdict span + span { margin-left: 6px; }
.effects { list-style: none; padding: 0; margin-top: 5px; color: var(--ink-2); }
.effects li { padding-left: 14px; position: relative; }
.effects li::before { content: ""; position: absolute; left: 2px; top: 8px; width: 4px; height: 4px; border-radius: 50%; background: var(--ink-3); }
.effects .risk::before { background: var(--refuse); border-radius: 1px; }
.effects .watch::before { background: var(--hold); }
.small, .aside, .size { font-size: 12px; color: var(--ink-3); }
.small { margin-top: 4px; }
.aside { margin-top: 4px; }

details { margin-top: 4px; }
summary { cursor: pointer; color: var(--ink-2); list-style: none; max-width: 76ch; }
summary::-webkit-details-marker { display: none; }
summary .size { text-decoration: underline; text-decoration-color: var(--line-strong); text-underline-offset: 3px; }
summary:hover .size { color: var(--ink); text-decoration-color: currentColor; }
details[open] > summary .excerpt { display: none; }

footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 12px; color: var(--ink-3); }

@media (max-width: 640px) {
  body { padding: 24px 16px 48px; }
  dl { grid-template-columns: 92px minmax(0, 1fr); }
}
@media print {
  @page { margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5px; }
  h1 { font-size: 18px; margin-top: 16px; }
  h2 { break-after: avoid; margin-top: 24px; }
  .lead { font-size: 11.5px; }
  section > .turn, .small, .aside, .size, .chip, td small, footer { font-size: 9.5px; }
  .command, td code, .mono { font-size: 9.5px; }
  td.when, time { font-size: 9px; }
  .turn, .title { break-after: avoid; }
  ol > li, tr { break-inside: avoid-page; }
  .chip, .shape, .command, .escape, .brand i { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
@media (forced-colors: active) {
  .chip, .command { border: 1px solid; }
  .shape, .brand i, .effects li::before { forced-color-adjust: none; }
}
`;
