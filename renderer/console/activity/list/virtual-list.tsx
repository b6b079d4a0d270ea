/** A long list of which only what is in sight is drawn. Arrow keys move in it, Enter opens. */

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Rows from the end at which more is fetched. */
const NEAR_END = 10;

export interface VirtualListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  /** In pixels; what is drawn is measured. */
  readonly estimate: number;
  /** A place that a key can be pressed to come to. */
  readonly entry: RefObject<(() => void) | null>;
  readonly children?: ReactNode;
  keyOf(item: Item): string;
  isCurrent(item: Item): boolean;
  /** `tabIndex` is for the one button in the row. */
  draw(item: Item, tabIndex: 0 | -1, before: Item | undefined): ReactNode;
  onNearEnd(): void;
}

export function VirtualList<Item>(props: VirtualListProps<Item>): ReactNode {
  const { label, items, estimate, entry, children, keyOf, isCurrent, draw, onNearEnd } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  /** A key has been pressed to come to `active`. */
  const wantsFocus = useRef(false);
  const found = active === undefined ? -1 : items.findIndex((item) => keyOf(item) === active);
  const activeIndex = found >= 0 ? found : Math.max(0, items.findIndex(isCurrent));

  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => estimate,
    getItemKey: useCallback((index: number) => keyOf(items[index]!), [items, keyOf]),
    // What has the focus must not go away under it.
    rangeExtractor: useCallback(
      (range: Range) => {
        const drawn = defaultRangeExtractor(range);
        return drawn.includes(activeIndex) || activeIndex >= items.length ? drawn : [...drawn, activeIndex].sort((a, b) => a - b);
      },
      [activeIndex, items.length],
    ),
    overscan: 6,
  });
  const rows = list.getVirtualItems();
  const lastDrawn = list.range?.endIndex ?? 0;

  useEffect(() => {
    if (items.length > 0 && lastDrawn >= items.length - NEAR_END) onNearEnd();
  }, [items.length, lastDrawn, onNearEnd]);

  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    scroll.current?.querySelector<HTMLElement>(`[data-index="${activeIndex}"] button`)?.focus();
  });

  const goTo = (index: number) => {
    const item = items[Math.min(Math.max(index, 0), items.length - 1)];
    if (item === undefined) return;
    wantsFocus.current = true;
    setActive(keyOf(item));
    list.scrollToIndex(items.indexOf(item), { align: 'auto' });
  };
  entry.current = () => goTo(activeIndex);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, rows.length - 8);
    const moves: { readonly [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : undefined;
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (to === undefined && move === undefined) return;
    event.preventDefault();
    goTo(to ?? activeIndex + move!);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are the buttons' in it.
    <div ref={scroll} className="items" onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/useSemanticElements: of a long list only a part is there. */}
      <div role="list" aria-label={label} style={{ height: list.getTotalSize(), position: 'relative' }}>
        {rows.map(({ key, index, start }) => (
          // biome-ignore lint/a11y/useSemanticElements: of a long list only a part is there.
          <div
            key={key}
            ref={list.measureElement}
            role="listitem"
            aria-posinset={index + 1}
            aria-setsize={items.length}
            data-index={index}
            className="row"
            style={{ transform: `translateY(${start}px)` }}
            onFocus={() => setActive(keyOf(items[index]!))}
          >
            {draw(items[index]!, index === activeIndex ? 0 : -1, items[index - 1])}
          </div>
        ))}
      </div>
      {children}
    </div>
  );
}
