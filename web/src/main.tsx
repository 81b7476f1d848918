import "@fontsource-variable/inter/wght.css";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/states.css";
import "./styles/tables.css";
import "./styles/dialogs.css";
import "./styles/figures.css";
import "./styles/forms.css";
import "./styles/uplot.css";
import "./layout/theme";
import { createRoot } from "react-dom/client";
import { App } from "./app";

createRoot(document.getElementById("root")!).render(<App />);
