/** Icons of things; states have their own shapes in state.tsx. */
const PATHS = {
  close: "M4 4l8 8M12 4l-8 8",
  link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5l-1.2 1.2a2.8 2.8 0 0 1-4-4L5 7.5",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.5v9l7-4.5z",
  fork: "M5 3v10M5 10c0-4 6-1 6-6M3.6 13h2.8M9.6 3h2.8",
  stop: "M4 4h8v8H4z",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  down: "M4 6.5L8 10.5l4-4",
  right: "M6.5 4l4 4-4 4",
  left: "M9.5 4l-4 4 4 4",
  plus: "M8 3.5v9M3.5 8h9",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5L14 14",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  flag: "M4 14V2.5M4 3h8l-2 3 2 3H4",
  retry: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.5h-2.5",
  tidy: "M3 4h4v3H3zM9.5 2.5h4v3h-4zM9.5 10.5h4v3h-4zM7 5.5h1.2v-1.5h1.3M8.2 5.5v6.500h1.300",
  fit: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  pin: "M5.500 2.500h5M6.200 2.500v4L4.500 9h7L9.800 6.500v-4M8 9v4.500",
  minus: "M3.5 8h9",
  file: "M4 1.500h5l3 3v10H4zM9 1.500v3h3",
  out: "M6 3H3v10h3M7 8h6.500M11 5.500L13.500 8 11 10.500",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={name === "more" ? 2.4 : 1.4} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
