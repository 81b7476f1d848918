// A run as text that runs it again: the experiment with this run's own values
// in place of the sweep.
import { parseDocument } from "yaml";
import type { Run } from "../../api/engram/v1/runs_pb";

interface Tree {
  experiment: unknown;
  seed: number;
}

const treeOf = (run: Run): Tree => JSON.parse(run.treeJson) as Tree;

export function asYaml(run: Run, text: string): string {
  const document = parseDocument(text);
  const tree = treeOf(run);
  for (const key of ["sweep", "sweep_seed", "claims"]) document.delete(key);
  document.set("experiment", document.createNode(tree.experiment));
  document.set("seed", tree.seed);
  return document.toString({ lineWidth: 100 });
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

export const asCommand = (run: Run, text: string): string =>
  `engram submit - --follow <<'YAML'\n${asYaml(run, text)}YAML\n# the stored one: engram get ${quoted(run.name)}\n`;

export const asPython = (run: Run, text: string): string =>
  [
    "import engram",
    "",
    "experiment = engram.submit(",
    `    """${asYaml(run, text).replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}"""`,
    ")",
    "",
  ].join("\n");
