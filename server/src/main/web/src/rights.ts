import { createContext, useContext } from "react";
import type { Session } from "./live/types";

export const RightsContext = createContext<Session>({ who: "", role: "viewer", rights: [] });

/** Why the one who looks may not do what needs `right`; null when it is allowed. */
export function useRefusal(right: string): string | null {
  const session = useContext(RightsContext);
  return session.rights.includes(right) ? null : `The role ${session.role} may not do this; it needs the right “${right}”.`;
}
