// Text to copy, and a button that does.
import { useState } from "react";

/** Without a secure origin the clipboard is reached by a selection. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [outcome, setOutcome] = useState("");
  return (
    <button
      type="button"
      onClick={() =>
        void copyText(text).then((isDone) => {
          setOutcome(isDone ? "Copied" : "Could not copy");
          setTimeout(() => setOutcome(""), 1500);
        })
      }
    >
      <span aria-live="polite">{outcome || label}</span>
    </button>
  );
}
