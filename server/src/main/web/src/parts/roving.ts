/** A list with one tab stop: arrow keys, Home and End move inside it. */
import { useState, type KeyboardEvent } from "react";

/** What goes on the list, and on what has the focus in each row; rows stand in the order of the page. */
export function useRoving(count: number) {
  const [at, setAt] = useState(0);
  const current = Math.min(at, count - 1);
  const list = {
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const to = placeOf(event.key, current, count);
      if (to === null) return;
      event.preventDefault();
      setAt(to);
      [...event.currentTarget.querySelectorAll<HTMLElement>("[data-rove]")][to]?.focus();
    },
  };
  const row = (i: number) => ({ "data-rove": i, tabIndex: i === current ? 0 : -1, onFocus: () => setAt(i) });
  return { list, row };
}

/** Where a key leads to from `at`; null when it is none of these. */
export function placeOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown": return Math.min(count - 1, at + 1);
    case "ArrowUp": return Math.max(0, at - 1);
    case "Home": return 0;
    case "End": return count - 1;
    default: return null;
  }
}
