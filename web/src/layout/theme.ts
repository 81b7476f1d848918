// Light or dark: as the system has it, or as the user chose.
import { Store } from "../server/store";

export type Theme = "light" | "dark";

const KEY = "engram.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

const stored = (): string | null => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

function present(): Theme {
  const choice = stored();
  if (choice === "light" || choice === "dark") return choice;
  return system.matches ? "dark" : "light";
}

export const theme = new Store<Theme>(present());

function apply(): void {
  theme.set(present());
  document.documentElement.dataset.theme = theme.get();
}

system.addEventListener("change", apply);
apply();

export function toggleTheme(): void {
  const next = theme.get() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  theme.set(next);
  document.documentElement.dataset.theme = next;
}

/** A colour of the page, for canvases, which know no variables. */
export const cssColor = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
