import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./style/main.css";

const theme = localStorage.getItem("tutti.theme");
const dark = theme ? theme === '"dark"' : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset["theme"] = dark ? "dark" : "light";

createRoot(document.getElementById("root")!).render(<App />);
