"""The paper's study on any corpus: five models, two splits, figures, tables and one report."""
