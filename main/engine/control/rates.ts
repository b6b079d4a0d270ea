/** How often something may be done: so often at once, and so often a second after that. */

export interface Rate {
  readonly atOnce: number;
  readonly perSecond: number;
}

export interface Rates {
  /** Takes one of this share's. `false`: it has none left; `tells` once for each time that a share ran out. */
  take(share: string): boolean;
}

export interface RatesOptions extends Rate {
  readonly tells?: (share: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Shares that are full again are forgotten when so many are known. */
const MOST_SHARES = 1_000;

export function createRates({ atOnce, perSecond, tells = () => {}, now = () => performance.now() }: RatesOptions): Rates {
  const shares = new Map<string, { left: number; at: number; told: boolean }>();

  return {
    take(share) {
      const at = now();
      if (shares.size >= MOST_SHARES) forgetFull(at);
      const known = shares.get(share);
      const left = known ? leftAt(known, at) : atOnce;
      const told = Boolean(known?.told) && left < atOnce;
      if (left >= 1) {
        shares.set(share, { left: left - 1, at, told });
        return true;
      }
      shares.set(share, { left, at, told: true });
      if (!told) tells(share);
      return false;
    },
  };

  function leftAt({ left, at: before }: { left: number; at: number }, at: number): number {
    return Math.min(atOnce, left + ((at - before) / 1000) * perSecond);
  }

  function forgetFull(at: number): void {
    for (const [share, known] of shares) if (leftAt(known, at) >= atOnce) shares.delete(share);
  }
}
