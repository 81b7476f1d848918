// The figure of an experiment: what a claim is about, over the parameter that
// varies.
import { Fetched } from "../../layout/states";
import { Dots } from "./dots";
import { useCompared } from "./load";
import { differing, resultNames } from "./table";

export function ComparedFigure({ experiment, value }: { experiment: string; value: string }) {
  const query = useCompared({ runs: "", experiment, filter: "" });
  return (
    <Fetched query={query} what="runs">
      {({ all }) => {
        const result = resultNames(all).find((r) => r.name === value);
        const over = differing(all)[0] ?? "seed";
        if (!result) return null;
        return (
          <section className="panel">
            <Dots all={all} result={result.name} unit={result.unit} over={over} colorBy={over} />
          </section>
        );
      }}
    </Fetched>
  );
}
