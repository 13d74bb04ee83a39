/** What is at the top of every page. */
import { useEffect } from "react";
import { useKept } from "../live/use";
import { Icon } from "./icons";

export const Logo = () => (
  <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="var(--strong)" />
    <g stroke="var(--on-strong)" strokeWidth="2.4" fill="none" strokeLinecap="round"><path d="M9 16h5M18 16h5M14 16c2 0 2-6 4-6h5M14 16c2 0 2 6 4 6h5" /></g>
    <circle cx="8" cy="16" r="2.6" fill="var(--on-strong)" />
  </svg>
);

export function Theme() {
  const [theme, setTheme] = useKept("theme", document.documentElement.dataset["theme"] ?? "light");
  useEffect(() => { document.documentElement.dataset["theme"] = theme; }, [theme]);
  const other = theme === "dark" ? "light" : "dark";
  return <button type="button" className="button plain icon" aria-label={`Make it ${other}`} title={`Make it ${other}`} onClick={() => setTheme(other)}><Icon name={theme === "dark" ? "sun" : "moon"} /></button>;
}
