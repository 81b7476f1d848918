// The figures of an experiment: what a claim is about, over the parameter that
// varies; and its curves.
import { Fetched } from "../../layout/states";
import { shortPaths } from "../../format";
import { useParameter } from "../../route";
import { Curves } from "./curves";
import { Dots } from "./dots";
import { useCompared } from "./load";
import { ALL, differing, groupingOf, resultNames } from "./table";

export function ComparedFigure({
  experiment,
  value,
}: {
  experiment: string;
  value: string;
}) {
  const query = useCompared({ runs: "", experiment, filter: "" });
  const [by, setBy] = useParameter("by");
  return (
    <Fetched query={query} what="runs">
      {({ all }) => {
        const result = resultNames(all).find((r) => r.name === value);
        const over = groupingOf(differing(all));
        const paths = [...shortPaths(differing(all))].map(([value, text]) => ({
          value,
          text,
        }));
        return (
          <>
            {result && all.length > 1 && (
              <section className="panel">
                <Dots
                  all={all}
                  result={result.name}
                  unit={result.unit}
                  over={over}
                  colorBy={over}
                />
              </section>
            )}
            {all.length > 0 && (
              <Curves
                all={all}
                by={by || over}
                paths={[...paths, { value: ALL, text: "nothing" }]}
                setBy={setBy}
              />
            )}
          </>
        );
      }}
    </Fetched>
  );
}
