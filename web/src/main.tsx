import "@fontsource-variable/inter/wght.css";
import "uplot/dist/uPlot.min.css";
import "./styles.css";
import "./layout/theme";
import { createRoot } from "react-dom/client";
import { App } from "./app";

createRoot(document.getElementById("root")!).render(<App />);
