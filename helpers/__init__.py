"""What the chapters share: data, figures, sliders, exercises, layers, training."""
