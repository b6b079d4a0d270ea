/** Figures as a busy week brings them: the same ones for the same hours, whenever they are asked for. */

import type { Figures } from '../../../main/contract/activity.ts';
import type { ControlParams } from '../../../main/contract/control.ts';

const STEP = { hour: 3_600_000, day: 86_400_000 } as const;

export function someFigures({ from, to, step, offsetMinutes }: ControlParams<'figures'>): Figures {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / STEP[step]);
  const steps = Array.from({ length: count }, (_, i) => stepAt(Date.parse(from) + i * STEP[step], step, i, count, offsetMinutes));
  const waits = steps.flatMap(({ waitMs }) => waitMs ?? []).toSorted((a, b) => a - b);
  return {
    steps,
    models: [
      {
        model: 'claude-sonnet-4-5',
        exchanges: 214 * count,
        inputTokens: 1_284_000 * count,
        outputTokens: 80_300 * count,
        usd: 1.93 * count,
      },
      { model: 'gpt-5.3-codex', exchanges: 96 * count, inputTokens: 411_000 * count, outputTokens: 38_000 * count, usd: 0.74 * count },
      { model: 'gemini-3-pro', exchanges: 18 * count, inputTokens: 60_500 * count, outputTokens: 4_100 * count, usd: 0.09 * count },
      { model: 'qwen3-coder:30b', exchanges: 31, inputTokens: 92_000, outputTokens: 7_700, usd: null },
    ],
    waits: {
      asked: steps.reduce((sum, { asked }) => sum + asked, 0),
      median: waits[Math.floor(waits.length / 2)] ?? null,
      longest: 118_000,
      missed: 2,
    },
  };
}

function stepAt(at: number, step: 'hour' | 'day', i: number, count: number, offsetMinutes: number): Figures['steps'][number] {
  const local = new Date(at + offsetMinutes * 60_000);
  const isQuiet = step === 'day' ? [0, 6].includes(local.getUTCDay()) : local.getUTCHours() < 8 || local.getUTCHours() > 19;
  const wave = Math.abs(Math.sin((i + 3) * 1.7));
  const asked = isQuiet ? 0 : Math.round(wave * 4);
  return {
    at: new Date(at).toISOString(),
    allowed: isQuiet ? (i % 3 === 0 ? 4 : 0) : Math.round(30 + wave * 74),
    released: Math.max(0, asked - 1),
    refused: isQuiet ? 0 : Math.round(Math.abs(Math.cos(i * 2.3)) * 6),
    uninspected: i === count - 2 && !isQuiet ? 7 : 0,
    asked,
    waitMs: asked > 0 ? 4_000 + Math.round(wave * 31_000) : null,
  };
}
