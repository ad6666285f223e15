// SPDX-License-Identifier: GPL-3.0-or-later
// size.ts -- the width that a chart has.
import { useEffect, useRef, useState } from 'preact/hooks';

export function useWidth(start = 640): { ref: { current: HTMLDivElement | null }; width: number } {
  const ref = useRef<HTMLDivElement | null>(null);
  const [width, setWidth] = useState(start);
  useEffect(() => {
    const node = ref.current;
    if (!node) return;
    const measure = () => setWidth(Math.max(200, Math.floor(node.clientWidth)));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  return { ref, width };
}
