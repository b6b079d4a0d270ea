/** Whether there is more in an element than it shows at once. */

import { type RefObject, useLayoutEffect, useState } from 'react';

/** Looked at again whenever the element changes its size, or `content` changes. */
export function useScrolls(element: RefObject<HTMLElement | null>, content: unknown): boolean {
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const look = () => setScrolls(current.scrollHeight > current.clientHeight || current.scrollWidth > current.clientWidth);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, content]);
  return scrolls;
}
